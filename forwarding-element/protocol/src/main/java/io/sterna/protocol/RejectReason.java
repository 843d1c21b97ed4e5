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
  FROM_THE_FUTURE(5),
  /** The address moved too often: it stays where it is for a while. Try again. */
  DAMPED(6),
  /** No VM with this address is known to the controllers. */
  UNKNOWN_VM(7),
  /** The hardware address is not this VM's, or no VM's at all. */
  WRONG_MAC(8),
  /** The VM may not be at the site of this FE. */
  FORBIDDEN_SITE(9),
  /** The site of this FE has as many VMs as it may have. Try again: one may leave. */
  SITE_FULL(10),
  /** The FE claims more often than it may. Try again later. */
  RATE_LIMITED(11),
  /** The FE speaks for a VM that is not attached to it. */
  NOT_ATTACHED(12),
  /** The range has as many addresses as it may have. It may be given more room. */
  RANGE_FULL(13);

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
