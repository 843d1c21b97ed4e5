package io.sterna.protocol;

/** What an element is asked to do about a migration. The ordinal is never sent. */
public enum MigrationPhase {
  /** Of the target: be ready for the VM. */
  PREPARE(1),
  /** Of the source: move the VM to the target, which is ready. */
  MOVE(2),
  /** Of the target: say whether the VM runs there, and let it. */
  COMPLETE(3),
  /** Of either: undo what was begun, if it is not too late. */
  CANCEL(4);

  private final int code;

  MigrationPhase(int code) {
    this.code = code;
  }

  /** The number by which this is sent: fixed for ever. */
  public int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if none has this code
   */
  public static MigrationPhase ofCode(int code) {
    for (MigrationPhase each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no phase of a migration has code " + code);
  }
}
