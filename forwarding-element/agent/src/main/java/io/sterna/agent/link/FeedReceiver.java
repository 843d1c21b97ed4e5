package io.sterna.agent.link;

import io.sterna.agent.claim.SilenceWatch;
import io.sterna.agent.install.Lane;
import io.sterna.agent.install.RouteWriter;
import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.Heard;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.Welcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds in, routes out: the desired table between the sessions and the writer. Not thread-safe. */
final class FeedReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(FeedReceiver.class);

  private record Request(SessionId session, long askedNanos) {}

  /** A snapshot that has to be asked for again. */
  record Overdue(SessionId session, RangeId range) {}

  private final LinkSettings settings;
  private final DesiredTable table;
  private final SilenceWatch silence;
  private final RouteWriter writer;
  private final AppliedReports reports;
  private final Map<RangeId, Request> resyncs = new HashMap<>();
  private boolean inSync;
  private boolean swept;

  FeedReceiver(
      LinkSettings settings,
      DesiredTable table,
      SilenceWatch silence,
      RouteWriter writer,
      AppliedReports reports) {
    this.settings = settings;
    this.table = table;
    this.silence = silence;
    this.writer = writer;
    this.reports = reports;
  }

  void onWelcome(Welcome welcome) {
    writer.submit(table.welcome(welcome.ranges(), welcome.forwardingElements()), Lane.BULK);
    checkSync();
  }

  /** Whether a snapshot of the range has to be asked for by this session. */
  boolean onDelta(SessionId session, Delta delta, long nowNanos) {
    boolean urgent = delta.changes().size() <= settings.urgentChangesMax();
    return on(session, table.hear(session, delta), urgent ? Lane.URGENT : Lane.BULK, nowNanos);
  }

  /** Whether a snapshot of the range has to be asked for by this session. */
  boolean onSnapshot(SessionId session, Snapshot part, long nowNanos) {
    return on(session, table.hear(session, part), Lane.BULK, nowNanos);
  }

  /**
   * The snapshots that were asked for and did not come in time: the request or its answer was lost
   * beyond the session, and nothing else would ever tell. They count as asked for again now.
   */
  List<Overdue> overdue(long nowNanos) {
    List<Overdue> due = new ArrayList<>();
    for (Map.Entry<RangeId, Request> entry : resyncs.entrySet()) {
      Request request = entry.getValue();
      if (!isUnderWay(request, nowNanos)) {
        LOG.warn("{} did not say all of {}: asking again", request.session(), entry.getKey());
        due.add(new Overdue(request.session(), entry.getKey()));
        entry.setValue(new Request(request.session(), nowNanos));
      }
    }
    return due;
  }

  void onSessionEnded(SessionId session) {
    table.sessionEnded(session);
    reports.sessionEnded(session);
    resyncs.values().removeIf(request -> request.session().equals(session));
  }

  /** Whether something was heard of every range. */
  boolean isInSync() {
    return inSync;
  }

  private boolean on(SessionId session, Heard heard, Lane lane, long nowNanos) {
    if (heard instanceof Heard.Applied applied) {
      resyncs.remove(heard.range());
      reports.fed(heard.range(), session);
      writer.submit(applied.position(), applied.changes(), lane);
      silence.routed(applied.changes(), nowNanos);
      checkSync();
    } else if (heard instanceof Heard.Ignored ignored) {
      onIgnored(session, ignored);
    } else if (heard instanceof Heard.Incomplete) {
      // The rest of a large snapshot may take longer than patience allows for its beginning.
      resyncs.computeIfPresent(
          heard.range(),
          (range, asked) ->
              asked.session().equals(session) ? new Request(session, nowNanos) : asked);
    } else if (heard instanceof Heard.ResyncNeeded needed) {
      return onResyncNeeded(session, needed, nowNanos);
    }
    return false;
  }

  private void onIgnored(SessionId session, Heard.Ignored ignored) {
    switch (ignored.reason()) {
      case DUPLICATE -> reports.fedAgain(ignored.range(), session);
      case LOWER_EPOCH, OLDER_REVISION ->
          LOG.info(
              "{} says something old about {}: {}", session, ignored.range(), ignored.reason());
      case UNKNOWN_RANGE, OUTSIDE_RANGE ->
          LOG.warn("{} breaks the protocol for {}: {}", session, ignored.range(), ignored.reason());
    }
  }

  /** While the snapshot is on its way, more of the feed that does not fit is no news. */
  private boolean onResyncNeeded(SessionId session, Heard.ResyncNeeded needed, long nowNanos) {
    Request request = resyncs.get(needed.range());
    boolean underWay =
        request != null && request.session().equals(session) && isUnderWay(request, nowNanos);
    if (underWay) {
      return false;
    }
    LOG.warn("asking {} for all of {}: {}", session, needed.range(), needed.reason());
    resyncs.put(needed.range(), new Request(session, nowNanos));
    return true;
  }

  private boolean isUnderWay(Request request, long nowNanos) {
    return nowNanos - request.askedNanos() < settings.resyncPatience().toNanos();
  }

  private void checkSync() {
    boolean before = inSync;
    inSync = table.inSync();
    if (inSync && !before) {
      LOG.info("in sync: {} bindings, {} ranges", table.size(), table.positions().size());
    }
    if (inSync && !swept) {
      swept = true;
      writer.sweep(table.unroutable());
    }
  }
}
