package io.sterna.store.event;

/** What can begin or end for an address beside its binding. The ordinal is never stored. */
public enum Note {
  /** Its VM does not answer any more where it is bound. */
  SILENT(1),
  /** Its VM is heard again. */
  HEARD_AGAIN(2),
  /** It moved too often and stays where it is. */
  DAMPED(3),
  /** It may move again: enough time passed. */
  DAMPING_OVER(4),
  /** It may move again: an operator said so. Written before operators had names. */
  DAMPING_CLEARED(5),
  /** Nobody says any more that its VM does not answer. */
  SILENCE_LAPSED(6);

  private final int code;

  Note(int code) {
    this.code = code;
  }

  /** The number by which this is stored: fixed for ever. */
  public int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if no note has this code
   */
  public static Note ofCode(int code) {
    for (Note note : values()) {
      if (note.code == code) {
        return note;
      }
    }
    throw new IllegalArgumentException("no note has code " + code);
  }
}
