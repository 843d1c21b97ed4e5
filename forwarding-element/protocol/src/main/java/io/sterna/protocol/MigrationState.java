package io.sterna.protocol;

/** How far an element is with what it was asked. The ordinal is never sent. */
public enum MigrationState {
  /** It has begun. */
  ACCEPTED(1),
  /** Memory is copied while the VM runs: pre-copy. */
  COPYING(2),
  /** The VM stands still: the rest is copied, and then it runs at the target. */
  PAUSED(3),
  /** It is done, for whichever phase was asked. */
  DONE(4),
  /**
   * It is not, and will not be by itself; the VM runs where it ran, unless the text says otherwise.
   */
  FAILED(5),
  /** It was undone. */
  CANCELLED(6);

  private final int code;

  MigrationState(int code) {
    this.code = code;
  }

  /** The number by which this is sent: fixed for ever. */
  public int code() {
    return code;
  }

  /** Whether nothing more comes of it. */
  public boolean isOver() {
    return compareTo(DONE) >= 0;
  }

  /**
   * @throws IllegalArgumentException if none has this code
   */
  public static MigrationState ofCode(int code) {
    for (MigrationState each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no state of a migration has code " + code);
  }
}
