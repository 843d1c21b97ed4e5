package io.sterna.agent.link;

import io.sterna.agent.table.SessionId;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are open, and from them: where sessions should be kept. Not thread-safe.
 *
 * <p>Controllers may disagree about who is a member, for a while or because they are cut off from
 * each other; so every controller that any open session names is wanted. While no session is open,
 * what was last wanted stays wanted.
 */
final class OpenSessions {
  private static final class Open {
    final ControllerAddress address;
    final SessionStream stream;
    @Nullable ControllerId controller;
    List<ControllerEndpoint> members = List.of();

    Open(ControllerAddress address, SessionStream stream) {
      this.address = address;
      this.stream = stream;
    }
  }

  private final List<ControllerAddress> configured;
  private final Map<SessionId, Open> sessions = new LinkedHashMap<>();
  private Set<ControllerAddress> wanted = Set.of();

  OpenSessions(List<ControllerAddress> configured) {
    this.configured = configured;
  }

  void opened(ControllerAddress address, SessionStream stream) {
    sessions.put(stream.id(), new Open(address, stream));
  }

  void welcomed(SessionId id, ControllerId controller, List<ControllerEndpoint> members) {
    Open open = sessions.get(id);
    if (open != null) {
      open.controller = controller;
      open.members = members;
    }
  }

  void membersChanged(SessionId id, List<ControllerEndpoint> members) {
    Open open = sessions.get(id);
    if (open != null) {
      open.members = members;
    }
  }

  /** Forgets a session; where it led to, if it was open. */
  Optional<ControllerAddress> ended(SessionId id) {
    return Optional.ofNullable(sessions.remove(id)).map(open -> open.address);
  }

  /** The stream of a session that is open. */
  Optional<SessionStream> stream(SessionId id) {
    return Optional.ofNullable(sessions.get(id)).map(open -> open.stream);
  }

  /** Whether the controller welcomed this element by this session. */
  boolean isWelcomed(SessionId id) {
    Open open = sessions.get(id);
    return open != null && open.controller != null;
  }

  /** Any session whose controller welcomed this element. */
  Optional<SessionStream> anyWelcomed() {
    return sessions.values().stream()
        .filter(open -> open.controller != null)
        .map(open -> open.stream)
        .findFirst();
  }

  /** Who welcomed this element at an address, if anybody. */
  Optional<ControllerId> controllerAt(ControllerAddress address) {
    return sessions.values().stream()
        .filter(open -> open.address.equals(address))
        .flatMap(open -> Optional.ofNullable(open.controller).stream())
        .findFirst();
  }

  /**
   * Where to keep a session: the configured places, and the members' own. A member that is reached
   * under a configured address is not reached a second time under its own.
   */
  Set<ControllerAddress> wanted() {
    Set<ControllerAddress> now = new TreeSet<>();
    now.addAll(configured);
    boolean named = false;
    for (Open open : sessions.values()) {
      for (ControllerEndpoint member : open.members) {
        named = true;
        if (!isReachedAsConfigured(member.controller())) {
          now.add(ControllerAddress.of(member));
        }
      }
    }
    if (!named) {
      now.addAll(wanted);
    }
    wanted = now;
    return now;
  }

  private boolean isReachedAsConfigured(ControllerId controller) {
    return sessions.values().stream()
        .anyMatch(o -> controller.equals(o.controller) && configured.contains(o.address));
  }
}
