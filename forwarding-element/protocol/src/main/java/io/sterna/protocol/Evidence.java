package io.sterna.protocol;

/**
 * What made an FE believe that an address is attached to it. The ordinal is never stored or sent.
 */
public enum Evidence {
  /** An ARP request or reply for the sender's own address (RFC 5227 announcement). */
  GRATUITOUS_ARP(1),
  /** An ARP request that reveals its sender. */
  ARP_REQUEST(2),
  /** An ARP reply that reveals its sender. */
  ARP_REPLY(3),
  /** A reverse ARP frame, as hypervisors send after a migration: names a MAC only. */
  RARP(4),
  /** An unsolicited neighbour advertisement (RFC 4861 section 7.2.6). */
  UNSOLICITED_NA(5),
  /** A neighbour solicitation of duplicate address detection (RFC 4862). */
  DAD_NS(6),
  /** The FE asked the VM by unicast ARP or ND and it answered. */
  PROBE_ANSWERED(7),
  /**
   * The FE asked its VM by unicast ARP or ND and got no answer: the claim says that the VM fell
   * silent where it is bound.
   */
  PROBE_UNANSWERED(8);

  private final int code;

  Evidence(int code) {
    this.code = code;
  }

  /** The number by which this is stored and sent: fixed for ever. */
  public int code() {
    return code;
  }

  /**
   * @throws IllegalArgumentException if no evidence has this code
   */
  public static Evidence ofCode(int code) {
    for (Evidence evidence : values()) {
      if (evidence.code == code) {
        return evidence;
      }
    }
    throw new IllegalArgumentException("no evidence has code " + code);
  }
}
