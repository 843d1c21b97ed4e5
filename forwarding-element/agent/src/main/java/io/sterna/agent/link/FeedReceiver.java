package io.sterna.agent.link;

import io.sterna.agent.install.Lane;
import io.sterna.agent.install.RouteWriter;
import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.Heard;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.Welcome;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds in, routes out: the desired table between the sessions and the writer. Not thread-safe. */
final class FeedReceiver {
  private static final Logger LOG = LoggerFactory.getLogger(FeedReceiver.class);

  private record Request(SessionId session, long askedNanos) {}

  private final LinkSettings settings;
  private final DesiredTable table;
  private final RouteWriter writer;
  private final AppliedReports reports;
  private final Map<RangeId, Request> resyncs = new HashMap<>();
  private boolean inSync;
  private boolean swept;

  FeedReceiver(
      LinkSettings settings, DesiredTable table, RouteWriter writer, AppliedReports reports) {
    this.settings = settings;
    this.table = table;
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
      checkSync();
    } else if (heard instanceof Heard.Ignored ignored) {
      onIgnored(session, ignored);
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
        request != null
            && request.session().equals(session)
            && nowNanos - request.askedNanos() < settings.resyncPatience().toNanos();
    if (underWay) {
      return false;
    }
    LOG.warn("asking {} for all of {}: {}", session, needed.range(), needed.reason());
    resyncs.put(needed.range(), new Request(session, nowNanos));
    return true;
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
