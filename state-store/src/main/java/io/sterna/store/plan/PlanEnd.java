package io.sterna.store.plan;

/** How a plan ended. The ordinal is never stored. */
public enum PlanEnd {
  /** After its last step. */
  DONE(1),
  /** Before: somebody, or the traffic, stopped it. */
  STOPPED(2),
  /** A step failed. */
  FAILED(3),
  /** Somebody did not want it. */
  REJECTED(4),
  /** Nobody approved it in time, or it is worth nothing any more. */
  EXPIRED(5);

  private final int code;

  PlanEnd(int code) {
    this.code = code;
  }

  /** The number by which this is stored: fixed for ever. */
  public int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if none has this code
   */
  public static PlanEnd ofCode(int code) {
    for (PlanEnd each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no end of a plan has code " + code);
  }
}
