package io.sterna.agent.link;

import io.sterna.agent.claim.ClaimAction;
import io.sterna.agent.claim.Claims;
import io.sterna.agent.install.RouteWriter;
import io.sterna.agent.neighbourhood.Neighbourhood;
import io.sterna.agent.table.DesiredTable;
import io.sterna.protocol.SouthboundMessage.Claim;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what the claims ask for: sends them, probes VMs, says what came of it. Not thread-safe. */
final class ClaimDesk {
  private static final Logger LOG = LoggerFactory.getLogger(ClaimDesk.class);

  private final Claims claims;
  private final DesiredTable table;
  private final AppliedReports reports;
  private final OpenSessions sessions;
  private final Neighbourhood neighbourhood;
  private final RouteWriter writer;

  ClaimDesk(
      Claims claims,
      DesiredTable table,
      AppliedReports reports,
      OpenSessions sessions,
      Neighbourhood neighbourhood,
      RouteWriter writer) {
    this.claims = claims;
    this.table = table;
    this.reports = reports;
    this.sessions = sessions;
    this.neighbourhood = neighbourhood;
    this.writer = writer;
  }

  void perform(List<ClaimAction> actions, long nowNanos) {
    for (ClaimAction action : actions) {
      if (action instanceof ClaimAction.Send send) {
        send(send.claim(), nowNanos);
      } else if (action instanceof ClaimAction.Report report) {
        sessionFor(report.claim()).ifPresent(session -> session.send(report.claim()));
      } else if (action instanceof ClaimAction.Probe probe) {
        probe(probe);
      } else if (action instanceof ClaimAction.Withdraw withdraw) {
        writer.unstage(withdraw.address());
      } else if (action instanceof ClaimAction.GiveUp giveUp) {
        LOG.warn("claim of {} given up: {}", giveUp.address(), giveUp.reason());
        writer.unstage(giveUp.address());
      }
    }
  }

  private void send(Claim claim, long nowNanos) {
    Optional<SessionStream> session = sessionFor(claim);
    if (session.isPresent()) {
      session.get().send(claim);
      // Committing takes longer than this: who hears of the new binding may send packets at once.
      writer.stage(claim.address(), claim.mac());
      claims.sent(claim.claimId(), session.get().id());
    } else {
      claims.unsent(claim.claimId(), nowNanos);
    }
  }

  /** The controller that feeds the range owns it; any other passes the claim on. */
  private Optional<SessionStream> sessionFor(Claim claim) {
    return table
        .rangeOf(claim.address())
        .flatMap(reports::feeder)
        .flatMap(sessions::stream)
        .or(sessions::anyWelcomed);
  }

  private void probe(ClaimAction.Probe probe) {
    try {
      neighbourhood.probe(probe.address(), probe.mac());
    } catch (IOException e) {
      LOG.warn("cannot ask {} whether it is here: {}", probe.address(), e.getMessage());
    }
  }
}
