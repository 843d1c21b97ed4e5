package io.sterna.agent.claim;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SouthboundMessage.Claim;

/** What has to be done for the claims. */
public sealed interface ClaimAction {
  /**
   * Send this claim, then say {@link Claims#sent} or {@link Claims#unsent}.
   *
   * @param claim the claim
   */
  record Send(Claim claim) implements ClaimAction {}

  /**
   * Send this claim about a VM that is bound here already. Nobody waits for it: if it does not
   * arrive, it is said again.
   */
  record Report(Claim claim) implements ClaimAction {}

  /** Ask the VM itself whether it is there. */
  record Probe(IpAddress address, MacAddress mac) implements ClaimAction {}

  /**
   * The claim came to its end elsewhere: the VM is bound to another element, or nobody said what
   * became of an accepted claim. What was prepared for it is not needed any more.
   */
  record Withdraw(IpAddress address) implements ClaimAction {}

  /**
   * Nothing more is done for this announcement.
   *
   * @param address the address that is not claimed
   * @param reason why, for people
   */
  record GiveUp(IpAddress address, String reason) implements ClaimAction {}
}
