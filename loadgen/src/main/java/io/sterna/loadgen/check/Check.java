package io.sterna.loadgen.check;

import java.util.List;

/** Something that must be true at the end of a run, whatever failed during it. */
public interface Check {
  /** Every check. */
  List<Check> ALL =
      List.of(new NoAcknowledgedLoss(), new NoStaleOverwrite(), new SingleOwner(), new Converges());

  /** Looks for violations. */
  Verdict judge(Observed observed);
}
