package io.sterna.agent.claim;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.time.Duration;
import java.util.Set;

/**
 * How claims are made.
 *
 * @param gatewayMac the hardware address of the gateway, which is no VM
 * @param gatewayAddresses the gateway's own addresses, which are never claimed
 * @param pendingMax the most claims under way; announcements beyond are dropped, VMs repeat them
 * @param answerTimeout how long an answer is awaited before the claim is made again
 * @param evidenceMaxAge a VM whose announcement is older than this is asked whether it is still
 *     there before its claim is made again
 * @param probeInterval how often a VM is asked whether it is there
 * @param probeWindow how long it is asked
 * @param deltaTimeout how long an accepted claim waits for the delta that holds it
 * @param retryMin how long an unanswerable claim waits before it is made again; doubled each time
 * @param retryMax the longest such wait
 * @param ageMax an announcement older than this is not claimed any more
 */
public record ClaimSettings(
    MacAddress gatewayMac,
    Set<IpAddress> gatewayAddresses,
    int pendingMax,
    Duration answerTimeout,
    Duration evidenceMaxAge,
    Duration probeInterval,
    Duration probeWindow,
    Duration deltaTimeout,
    Duration retryMin,
    Duration retryMax,
    Duration ageMax) {
  public ClaimSettings {
    gatewayAddresses = Set.copyOf(gatewayAddresses);
  }

  /** The wait after this many attempts, in nanoseconds. */
  long retryNanos(int attempts) {
    long doubled = retryMin.toNanos() << Math.min(attempts - 1, 20);
    return Math.min(doubled, retryMax.toNanos());
  }
}
