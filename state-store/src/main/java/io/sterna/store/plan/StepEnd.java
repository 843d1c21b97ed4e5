package io.sterna.store.plan;

/** How a step of a plan ended. The ordinal is never stored. */
public enum StepEnd {
  /** The VM runs at its new site. */
  DONE(1),
  /** It does not; where it is, the detail says. */
  FAILED(2),
  /** It was not begun: it does not pay any more, or its VM is elsewhere. */
  SKIPPED(3);

  private final int code;

  StepEnd(int code) {
    this.code = code;
  }

  /** The number by which this is stored: fixed for ever. */
  public int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if none has this code
   */
  public static StepEnd ofCode(int code) {
    for (StepEnd each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no end of a step has code " + code);
  }
}
