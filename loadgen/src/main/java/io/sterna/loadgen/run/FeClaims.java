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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private final Map<Long, Event> inFlight = new LinkedHashMap<>();
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
    Event event = inFlight.remove(answer.claimId());
    if (event != null) {
      fleet.ledger().accepted(event, fe, answer.binding());
      fill(now);
    }
  }

  void rejected(ClaimRejected answer, long now) {
    Event event = inFlight.remove(answer.claimId());
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
    List<Event> lost = new ArrayList<>();
    inFlight.values().removeIf(event -> event.session == session && lost.add(event));
    lost.forEach(event -> later(event, now));
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

  private void repeatUnanswered(long now) {
    // In the order in which they were sent: the first that is young ends the search.
    List<Long> overdue = new ArrayList<>();
    for (Map.Entry<Long, Event> entry : inFlight.entrySet()) {
      if (now - entry.getValue().atNanos < ANSWER_PATIENCE_NANOS) {
        break;
      }
      overdue.add(entry.getKey());
    }
    for (Long claimId : overdue) {
      Event event = inFlight.remove(claimId);
      if (event != null) {
        fleet.ledger().counts().repeat();
        claim(event, now);
      }
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
    if (!fleet.ledger().isLatest(event)) {
      fleet.ledger().counts().supersede();
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
    inFlight.put(claimId, event);
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
