package io.sterna.controller.relocation.online;

import io.sterna.store.plan.PlanEnd;
import java.util.Locale;

/** What has become of a plan. */
public enum PlanState {
  /** It waits for an approval. */
  PROPOSED,
  /** Its first step is about to begin. */
  APPROVED,
  /** Some step was begun. */
  EXECUTING,
  /** It ends after the step that is under way. */
  STOPPING,
  /** All steps are done, or were skipped. */
  DONE,
  /** It ended before its last step. */
  STOPPED,
  /** A step failed. */
  FAILED,
  /** Somebody did not want it. */
  REJECTED,
  /** Nobody approved it in time, or it is worth nothing any more. */
  EXPIRED;

  /** Whether nothing more becomes of it. */
  public boolean isOver() {
    return compareTo(DONE) >= 0;
  }

  static PlanState of(PlanEnd end) {
    return valueOf(end.name());
  }

  /** As people read it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
