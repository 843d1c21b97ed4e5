package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import io.sterna.protocol.RejectReason;

/** What became of a claim. */
public sealed interface Decision {
  /** The binding stands as claimed: committed now, or already before (a repeated claim). */
  record Accepted(Binding binding) implements Decision {}

  /**
   * The claim was refused.
   *
   * @param reason why
   * @param currentVersion the version of the binding that stands; 0 = none
   */
  record Rejected(RejectReason reason, long currentVersion) implements Decision {}
}
