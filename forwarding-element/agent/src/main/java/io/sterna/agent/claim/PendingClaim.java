package io.sterna.agent.claim;

import io.sterna.agent.table.SessionId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import org.jspecify.annotations.Nullable;

/** One announcement on its way to become a binding. {@link Claims} moves it from state to state. */
final class PendingClaim {
  /** The states of a claim; the table is in the module's DESIGN.md. */
  enum State {
    /** Sent, or about to be; until {@code dueNanos} the answer may come. */
    SENT,
    /** Nobody could answer; at {@code dueNanos} it is made again. */
    WAITING,
    /** Stale or too old; the VM is asked, again at {@code dueNanos}, until {@code endNanos}. */
    PROBING,
    /** Committed; until {@code endNanos} the delta may come. */
    ACCEPTED
  }

  final IpAddress address;
  final MacAddress mac;
  Evidence evidence;
  long seenVersion;
  long observedNanos;
  State state = State.SENT;
  long claimId;
  @Nullable SessionId session;
  int attempts;
  long dueNanos;
  long endNanos;

  /** What the controllers hold at least: where a stale claim has to continue. */
  long currentVersion;

  PendingClaim(
      IpAddress address, MacAddress mac, Evidence evidence, long seenVersion, long observedNanos) {
    this.address = address;
    this.mac = mac;
    this.evidence = evidence;
    this.seenVersion = seenVersion;
    this.observedNanos = observedNanos;
  }
}
