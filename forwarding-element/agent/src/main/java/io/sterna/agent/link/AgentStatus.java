package io.sterna.agent.link;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangePosition;
import java.util.List;
import java.util.Optional;

/**
 * What the agent knows about itself at one moment.
 *
 * @param fe the forwarding element
 * @param sessions one for each controller it tries to reach, in the order of their addresses
 * @param inSync whether it heard of every range
 * @param heard how far it heard of each range
 * @param installed how far each range is installed
 * @param bindings the number of bindings it heard of
 * @param pendingRoutes route changes that are not installed
 * @param refusedRoutes those of them which the forwarding table refused
 * @param pendingClaims claims under way
 * @param droppedAnnouncements announcements that came faster than they could be looked at
 */
public record AgentStatus(
    FeId fe,
    List<SessionStatus> sessions,
    boolean inSync,
    List<RangePosition> heard,
    List<RangePosition> installed,
    int bindings,
    int pendingRoutes,
    int refusedRoutes,
    int pendingClaims,
    long droppedAnnouncements) {
  public AgentStatus {
    sessions = List.copyOf(sessions);
    heard = List.copyOf(heard);
    installed = List.copyOf(installed);
  }

  /**
   * A session, open or being opened.
   *
   * @param address where the controller listens
   * @param controller who welcomed this element there; empty while the session is not open
   */
  public record SessionStatus(ControllerAddress address, Optional<ControllerId> controller) {}
}
