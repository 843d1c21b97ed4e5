package io.sterna.loadgen.run;

import io.sterna.loadgen.link.Session;
import io.sterna.loadgen.table.FeTable;
import io.sterna.loadgen.table.TableWatch;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.Members;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.Welcome;
import io.sterna.protocol.tls.TlsIdentity;
import java.util.List;

/** One forwarding element without a kernel. Belongs to one thread. */
final class EmulatedFe implements Session.Listener {
  private static final int HELLO_POSITIONS_MAX = 10_000;

  private final Fleet fleet;
  private final FeId id;
  private final FeTable table;
  private final FeFeed feed;
  private final FeClaims claims;
  private final FeSessions sessions;

  /**
   * @param number from 0
   * @param watch hears what its table hears
   * @param firstNanos when to connect first
   */
  EmulatedFe(
      Fleet fleet, int number, FeId id, TlsIdentity identity, TableWatch watch, long firstNanos) {
    this.fleet = fleet;
    this.id = id;
    this.table = new FeTable(id.value(), fleet.reader(), watch);
    this.feed = new FeFeed(table, fleet.ledger(), fleet.scenario().appliedInterval().toNanos());
    this.claims = new FeClaims(fleet, number, table, feed);
    this.sessions = new FeSessions(fleet, identity, this, firstNanos);
  }

  FeTable table() {
    return table;
  }

  FeClaims claims() {
    return claims;
  }

  /** Reads nothing, or goes on reading. */
  void deafen(boolean wanted) {
    sessions.deafen(wanted);
  }

  boolean isConnected() {
    return sessions.isConnected();
  }

  void tick(long now) {
    if (now >= sessions.dueNanos()) {
      sessions.tick(now);
    }
    if (now >= feed.dueNanos()) {
      feed.tick(now);
    }
    if (claims.isBusy()) {
      claims.tick(now);
    }
  }

  @Override
  public void opened(Session session) {
    sessions.opened(session);
    List<RangePosition> positions = table.positions();
    int count = Math.min(positions.size(), HELLO_POSITIONS_MAX);
    session.send(new Hello(id, "sterna-loadgen", positions.subList(0, count)));
  }

  @Override
  public void said(Session session, FromController message) {
    long now = fleet.nanoTime().getAsLong();
    sessions.heard(session);
    if (message instanceof Welcome welcome) {
      onWelcome(session, welcome, now);
    } else if (message instanceof Delta delta) {
      feed.onDelta(session, delta, now);
    } else if (message instanceof Snapshot part) {
      feed.onSnapshot(session, part, now);
    } else if (message instanceof ClaimAccepted accepted) {
      claims.accepted(accepted, now);
    } else if (message instanceof ClaimRejected rejected) {
      claims.rejected(rejected, now);
    } else if (message instanceof Members members) {
      sessions.membersAre(session, members.members(), now);
    }
  }

  @Override
  public void ended(Session session, String reason) {
    long now = fleet.nanoTime().getAsLong();
    sessions.ended(session, reason, now);
    feed.sessionEnded(session);
    claims.sessionEnded(session, now);
  }

  private void onWelcome(Session session, Welcome welcome, long now) {
    sessions.welcomed(session);
    table.welcome(welcome.ranges());
    fleet.ranges().learn(welcome.ranges());
    sessions.membersAre(session, welcome.members(), now);
  }
}
