package io.sterna.loadgen.run;

import io.sterna.loadgen.link.Session;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * The events of an element until they are acknowledged. Belongs to one thread.
 *
 * <p>States of an event: waiting for room in the window -> in flight -> acknowledged, or waiting
 * for its next attempt, or given up because its VM appeared elsewhere: a real element would ask the
 * VM before it claims again, and get no answer.
 */
final class FeClaims {
  private static final long MS = 1_000_000;
  private static final long ANSWER_PATIENCE_NANOS = 2_000 * MS;
  private static final long RETRY_MIN_NANOS = 5 * MS;
  private static final int RETRY_DOUBLINGS = 7;

  private final Fleet fleet;
  private final int fe;
  private final FeTable table;
  private final FeFeed feed;
  private final Deque<Event> waiting = new ArrayDeque<>();
  private final ClaimsInFlight inFlight = new ClaimsInFlight();
  private final PriorityQueue<Event> retries =
      new PriorityQueue<>(Comparator.comparingLong((Event event) -> event.atNanos));
  private long lastClaimId;

  FeClaims(Fleet fleet, int fe, FeTable table, FeFeed feed) {
    this.fleet = fleet;
    this.fe = fe;
    this.table = table;
    this.feed = feed;
  }

  /** A VM appeared here. */
  void happened(Event event, long now) {
    fleet.ledger().happened(event);
    waiting.add(event);
    fill(now);
  }

  /** Whether one more event would be claimed at once. */
  boolean hasRoom() {
    return waiting.isEmpty() && room() > 0;
  }

  /** Claims that are not answered. */
  int inFlight() {
    return inFlight.size();
  }

  void accepted(ClaimAccepted answer, long now) {
    Event event = inFlight.accepted(answer.claimId());
    if (event != null) {
      event.settled = true;
      fleet.ledger().accepted(event, fe, answer.binding());
      fill(now);
    }
  }

  void rejected(ClaimRejected answer, long now) {
    Event event = inFlight.refused(answer.claimId());
    if (event == null) {
      return;
    }
    fleet.ledger().counts().refuse(answer.reason());
    if (answer.reason() == RejectReason.STALE) {
      event.refusedAtVersion = (int) answer.currentVersion();
      claim(event, now);
    } else {
      later(event, now);
    }
    fill(now);
  }

  void sessionEnded(Session session, long now) {
    inFlight.remove(event -> event.session == session).forEach(event -> later(event, now));
  }

  /** Claims again what is due. */
  void tick(long now) {
    Event next = retries.peek();
    while (next != null && next.atNanos <= now) {
      retries.remove();
      claim(next, now);
      next = retries.peek();
    }
    repeatUnanswered(now);
    fill(now);
  }

  /** No answer is awaited any more. */
  void end(long now) {
    waiting.forEach(event -> unfinished(event, now));
    inFlight.forEach(event -> unfinished(event, now));
    retries.forEach(event -> unfinished(event, now));
  }

  private void unfinished(Event event, long now) {
    if (!event.settled) {
      fleet.ledger().unfinished(event, now);
    }
  }

  /** Whether anything may have to be claimed again. */
  boolean isBusy() {
    return inFlight.size() > 0 || !retries.isEmpty() || !waiting.isEmpty();
  }

  private void repeatUnanswered(long now) {
    for (Event event : inFlight.sentUntil(now - ANSWER_PATIENCE_NANOS)) {
      fleet.ledger().counts().repeat();
      claim(event, now);
    }
  }

  private int room() {
    return fleet.scenario().claimsInFlightMax() - inFlight.size() - retries.size();
  }

  private void fill(long now) {
    while (!waiting.isEmpty() && room() > 0) {
      claim(waiting.remove(), now);
    }
  }

  private void claim(Event event, long now) {
    if (event.settled) {
      // An earlier copy of its claim was accepted while it waited to be sent again.
      return;
    }
    if (!fleet.ledger().isLatest(event)) {
      event.settled = true;
      fleet.ledger().superseded(event, now);
      return;
    }
    RangeId range = fleet.ranges().of(event.vm);
    Session feeder = range == null ? null : feed.feeder(range);
    if (feeder == null) {
      later(event, now);
      return;
    }
    long claimId = ++lastClaimId;
    event.session = feeder;
    event.attempts++;
    event.atNanos = now;
    inFlight.sent(claimId, event);
    fleet.ledger().counts().claim();
    IpAddress address = fleet.vms().address(event.vm);
    feeder.send(
        new Claim(
            claimId,
            address,
            fleet.vms().mac(event.vm),
            Math.max(table.version(event.vm), event.refusedAtVersion),
            address.isV4() ? Evidence.GRATUITOUS_ARP : Evidence.UNSOLICITED_NA));
  }

  private void later(Event event, long now) {
    event.atNanos = now + (RETRY_MIN_NANOS << Math.min(event.attempts, RETRY_DOUBLINGS));
    retries.add(event);
  }
}
