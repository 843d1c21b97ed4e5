package io.sterna.protocol;

/** Why a claim was refused. The ordinal is never stored or sent. */
public enum RejectReason {
  /**
   * The FE had seen an older version than the current binding's: re-check before claiming again.
   */
  STALE(1),
  /** The address lies in no range of this cluster. */
  NOT_MOBILE(2),
  /** The FE is not in the inventory. */
  UNKNOWN_FE(3),
  /** The range is not being served right now: try again. */
  UNAVAILABLE(4),
  /** The FE claims to have seen a version that was never committed. */
  FROM_THE_FUTURE(5);

  private final int code;

  RejectReason(int code) {
    this.code = code;
  }

  /** The number by which this is stored and sent: fixed for ever. */
  public int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if no reason has this code
   */
  public static RejectReason ofCode(int code) {
    for (RejectReason reason : values()) {
      if (reason.code == code) {
        return reason;
      }
    }
    throw new IllegalArgumentException("no reject reason has code " + code);
  }
}
