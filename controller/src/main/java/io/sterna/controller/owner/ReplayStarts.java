package io.sterna.controller.owner;

import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.SnapshotChoice.Start;
import java.util.concurrent.CompletionStage;

/** Which snapshots may be believed: any owner that ever was may have written the newest one. */
@FunctionalInterface
public interface ReplayStarts {
  /**
   * Where the replay of this range may begin; fails if nobody can say. To be asked when no earlier
   * owner acknowledges any more.
   *
   * @param below snapshots from this number on have turned out to be of no use; {@link
   *     Long#MAX_VALUE} = none has
   */
  CompletionStage<Start> find(RangeId range, long below);
}
