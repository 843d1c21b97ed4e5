package io.sterna.loadgen.run;

import io.sterna.protocol.FeId;
import java.io.IOException;
import java.util.List;

/** Knows how far elements are that are not emulated here. */
@FunctionalInterface
public interface FollowerProgress {
  /**
   * The committed changes that the one of these elements which is furthest behind has not
   * installed. Blocks until it is known; called by a thread of the run's own.
   *
   * @throws IOException in one line, if it cannot be told
   */
  long mostBehind(List<FeId> fes) throws IOException;
}
