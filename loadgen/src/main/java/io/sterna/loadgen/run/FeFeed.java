package io.sterna.loadgen.run;

import io.sterna.loadgen.link.Session;
import io.sterna.loadgen.table.FeTable;
import io.sterna.loadgen.table.Heard;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an element hears of ranges, and what it says back. Belongs to one thread. */
final class FeFeed {
  private static final long RESYNC_PATIENCE_NANOS = 10_000_000_000L;
  private static final int POSITIONS_MAX = 5_000;

  private final FeTable table;
  private final Ledger ledger;
  private final long appliedIntervalNanos;
  private final Map<RangeId, Session> feeders = new HashMap<>();
  private final Map<RangeId, Request> resyncs = new HashMap<>();
  private final Set<RangeId> unreported = new LinkedHashSet<>();
  private long reportAtNanos;

  private record Request(Session session, long askedNanos) {}

  FeFeed(FeTable table, Ledger ledger, long appliedIntervalNanos) {
    this.table = table;
    this.ledger = ledger;
    this.appliedIntervalNanos = appliedIntervalNanos;
  }

  void onDelta(Session session, Delta delta, long now) {
    Heard heard = table.hear(session.number(), delta);
    if (heard == Heard.APPLIED) {
      ledger.counts().delta();
    }
    on(session, delta.position(), heard, now);
  }

  void onSnapshot(Session session, Snapshot part, long now) {
    Heard heard = table.hear(session.number(), part);
    if (heard == Heard.APPLIED) {
      ledger.counts().snapshot();
    }
    on(session, part.position(), heard, now);
  }

  /** The session whose controller feeds a range; null if none does. */
  @Nullable Session feeder(RangeId range) {
    return feeders.get(range);
  }

  void sessionEnded(Session session) {
    table.sessionEnded(session.number());
    feeders.values().removeIf(session::equals);
    resyncs.values().removeIf(request -> request.session().equals(session));
  }

  /** Reports positions that were collected for long enough; asks again for what did not come. */
  void tick(long now) {
    if (!unreported.isEmpty() && now >= reportAtNanos) {
      report();
    }
    if (!resyncs.isEmpty()) {
      resyncs.replaceAll(
          (range, request) ->
              isUnderWay(request, now) ? request : ask(range, request.session(), now));
    }
  }

  private void on(Session session, RangePosition position, Heard heard, long now) {
    RangeId range = position.range();
    if (heard == Heard.APPLIED) {
      ledger.heard(table, position);
    }
    switch (heard) {
      case APPLIED, DUPLICATE -> {
        feeders.put(range, session);
        if (!resyncs.isEmpty()) {
          resyncs.remove(range);
        }
        if (unreported.isEmpty()) {
          reportAtNanos = now + appliedIntervalNanos;
        }
        unreported.add(range);
      }
      case INCOMPLETE -> resyncs.computeIfPresent(range, (r, asked) -> new Request(session, now));
      case GAP -> {
        Request request = resyncs.get(range);
        boolean asked = request != null && request.session().equals(session);
        if (!asked) {
          resyncs.put(range, ask(range, session, now));
        }
      }
      case OLD, UNKNOWN -> ledger.counts().old();
    }
  }

  private Request ask(RangeId range, Session session, long now) {
    ledger.counts().resync();
    session.send(new ResyncRequested(range));
    return new Request(session, now);
  }

  private static boolean isUnderWay(Request request, long now) {
    return now - request.askedNanos() < RESYNC_PATIENCE_NANOS;
  }

  private void report() {
    // Nearly always one controller feeds all of them: one list, no map.
    while (!unreported.isEmpty()) {
      Session to = null;
      List<RangePosition> positions = new ArrayList<>(unreported.size());
      for (Iterator<RangeId> each = unreported.iterator(); each.hasNext(); ) {
        RangeId range = each.next();
        Session feeder = feeders.get(range);
        RangePosition position = table.position(range);
        if (feeder == null || position == null) {
          each.remove();
        } else if (to == null || to == feeder) {
          to = feeder;
          positions.add(position);
          each.remove();
        }
      }
      if (to != null) {
        tell(to, positions);
      }
    }
  }

  /** When to tick next. */
  long dueNanos() {
    if (!resyncs.isEmpty()) {
      return Long.MIN_VALUE;
    }
    return unreported.isEmpty() ? Long.MAX_VALUE : reportAtNanos;
  }

  private static void tell(Session feeder, List<RangePosition> positions) {
    for (int from = 0; from < positions.size(); from += POSITIONS_MAX) {
      int to = Math.min(positions.size(), from + POSITIONS_MAX);
      feeder.send(new Applied(positions.subList(from, to)));
    }
  }
}
