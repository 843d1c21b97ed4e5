package io.sterna.simulation;

import io.sterna.agent.claim.ClaimAction;
import io.sterna.agent.claim.ClaimSettings;
import io.sterna.agent.claim.Claims;
import io.sterna.agent.claim.SilenceWatch;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.Heard;
import io.sterna.agent.table.SessionId;
import io.sterna.invariant.ElementTable;
import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.Welcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A forwarding element: the product's table and claims between its sessions and its kernel. A crash
 * loses all but the kernel's table.
 */
final class Element {
  static final MacAddress GATEWAY = MacAddress.parse("02:00:00:00:00:fe");

  private static final long TICK = 50_000_000;
  private static final long RESYNC_PATIENCE = 2_000_000_000;
  private static final ClaimSettings CLAIMS =
      new ClaimSettings(
          GATEWAY,
          Set.of(),
          64,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMillis(250),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMillis(50),
          Duration.ofSeconds(2),
          Duration.ofSeconds(30));

  private final World world;
  private final FeId fe;
  private final Machine machine;
  private final Map<IpAddress, NextHop> kernel = new TreeMap<>();
  private final Set<IpAddress> staged = new HashSet<>();
  private final Map<SessionId, Session> welcomed = new LinkedHashMap<>();
  private final Map<RangeId, Session> feeders = new TreeMap<>();
  private final Map<RangeId, Resync> resyncs = new TreeMap<>();
  private DesiredTable table;
  private Claims claims;
  private SilenceWatch silence;
  private boolean swept;

  private record Resync(Session session, long askedNanos) {}

  Element(World world, FeId fe, Machine machine) {
    this.world = world;
    this.fe = fe;
    this.machine = machine;
    this.table = new DesiredTable(fe);
    this.claims = new Claims(CLAIMS, table);
    this.silence = new SilenceWatch(world.silence(), table, claims::nextClaimId);
    tick();
  }

  FeId fe() {
    return fe;
  }

  Machine machine() {
    return machine;
  }

  Map<IpAddress, NextHop> kernel() {
    return kernel;
  }

  Set<IpAddress> staged() {
    return staged;
  }

  void crash() {
    machine.crash();
    staged.clear();
    welcomed.clear();
    feeders.clear();
    resyncs.clear();
    table = new DesiredTable(fe);
    claims = new Claims(CLAIMS, table);
    silence = new SilenceWatch(world.silence(), table, claims::nextClaimId);
    swept = false;
    world.checks().forgot(fe);
  }

  void start() {
    machine.start();
    tick();
  }

  /** Where it stands, for a session that it opens. */
  Hello hello() {
    return new Hello(fe, "simulated", table.positions());
  }

  void announced(IpAddress address, MacAddress mac, Evidence evidence) {
    Announcement announcement = new Announcement.OfAddress(address, mac, evidence);
    perform(claims.announced(announcement, now()));
    perform(silence.heard(announcement, now()));
  }

  void onMessage(Session session, FromController message) {
    if (message instanceof Welcome welcome) {
      welcomed.put(session.id(), session);
      install(table.welcome(welcome.ranges(), welcome.forwardingElements()));
    } else if (message instanceof Delta delta) {
      Delta taken = world.rules().heard(delta, fe, world.chance());
      onHeard(session, table.hear(session.id(), taken));
    } else if (message instanceof Snapshot part) {
      onHeard(session, table.hear(session.id(), world.rules().heard(part)));
    } else if (message instanceof ClaimAccepted accepted) {
      claims.accepted(accepted, now());
      silence.accepted(accepted.claimId());
    } else if (message instanceof ClaimRejected rejected) {
      perform(claims.rejected(rejected, now()));
      silence.rejected(rejected.claimId());
    }
  }

  void onEnded(Session session) {
    welcomed.remove(session.id());
    feeders.values().removeIf(feeder -> feeder == session);
    resyncs.values().removeIf(resync -> resync.session() == session);
    table.sessionEnded(session.id());
    claims.sessionEnded(session.id(), now());
  }

  /** Everything it believes. */
  ElementTable believes() {
    Map<IpAddress, Binding> bindings = new TreeMap<>();
    for (IpAddress address : world.addresses()) {
      table.binding(address).ifPresent(binding -> bindings.put(address, binding));
    }
    return new ElementTable(fe, bindings);
  }

  private void tick() {
    perform(claims.tick(now()));
    perform(silence.tick(now()));
    resyncs.replaceAll((range, resync) -> askAgain(range, resync));
    world.timeline().quietly(machine.timer(TICK), machine, this::tick);
  }

  private Resync askAgain(RangeId range, Resync resync) {
    if (now() - resync.askedNanos() < RESYNC_PATIENCE) {
      return resync;
    }
    resync.session().toController(new ResyncRequested(range));
    return new Resync(resync.session(), now());
  }

  private void onHeard(Session session, Heard heard) {
    RangeId range = heard.range();
    if (heard instanceof Heard.Applied applied) {
      resyncs.remove(range);
      feeders.put(range, session);
      install(applied.changes());
      silence.routed(applied.changes(), now());
      checkHeld(applied.position());
    } else if (heard instanceof Heard.Ignored ignored) {
      if (ignored.reason() == Heard.Ignored.Reason.DUPLICATE) {
        feeders.put(range, session);
      }
    } else if (heard instanceof Heard.ResyncNeeded) {
      Resync asked = resyncs.get(range);
      if (asked == null
          || asked.session() != session
          || now() - asked.askedNanos() >= RESYNC_PATIENCE) {
        resyncs.put(range, new Resync(session, now()));
        session.toController(new ResyncRequested(range));
      }
    }
  }

  private void checkHeld(RangePosition position) {
    List<Binding> held =
        believes().bindings().values().stream()
            .filter(binding -> position.range().prefix().contains(binding.address()))
            .toList();
    world.checks().held(fe, position, held);
  }

  private void install(List<RouteChange> changes) {
    for (RouteChange change : changes) {
      if (change instanceof RouteChange.Put put) {
        world.rules().put(kernel, put.route());
      } else if (change instanceof RouteChange.Remove remove) {
        kernel.remove(remove.address());
      }
      staged.remove(change.address());
    }
    if (table.inSync() && !swept) {
      swept = true;
      kernel.keySet().removeIf(address -> table.binding(address).isEmpty());
    }
    checkForwarding();
  }

  private void unstage(IpAddress address) {
    staged.remove(address);
    checkForwarding();
  }

  private void checkForwarding() {
    if (world.isCalm()) {
      world.checks().forwards(world);
    }
  }

  private void perform(List<ClaimAction> actions) {
    for (ClaimAction action : actions) {
      if (action instanceof ClaimAction.Send send) {
        send(send.claim());
      } else if (action instanceof ClaimAction.Report report) {
        Session session = sessionFor(report.claim());
        if (session != null) {
          session.toController(report.claim());
        }
      } else if (action instanceof ClaimAction.Probe probe) {
        world.probe(this, probe.address(), probe.mac());
      } else if (action instanceof ClaimAction.Withdraw withdraw) {
        unstage(withdraw.address());
      } else if (action instanceof ClaimAction.GiveUp giveUp) {
        unstage(giveUp.address());
      }
    }
  }

  private void send(Claim claim) {
    Session session = sessionFor(claim);
    if (session == null) {
      claims.unsent(claim.claimId(), now());
    } else {
      session.toController(claim);
      boolean here = kernel.get(claim.address()) instanceof NextHop.Local;
      if (!here && world.rules().stages()) {
        staged.add(claim.address());
      }
      claims.sent(claim.claimId(), session.id());
    }
  }

  private @Nullable Session sessionFor(Claim claim) {
    Session feeder = feeders.get(world.rangeOf(claim.address()));
    if (feeder != null) {
      return feeder;
    }
    return welcomed.isEmpty() ? null : welcomed.values().iterator().next();
  }

  private long now() {
    return machine.nanoTime(world.timeline().now());
  }
}
