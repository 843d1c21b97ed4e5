package io.sterna.loadgen.run;

import io.sterna.loadgen.scenario.ControllerAddress;
import io.sterna.protocol.ControllerEndpoint;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The controllers that open sessions name, each by its own knowledge. They disagree for a while: a
 * controller that has just started may not name itself yet when the others already do. Whoever is
 * named by any of them counts, as for the agent; so nobody is forgotten whom the others, who have
 * nothing new to say, would not name again.
 *
 * @param <S> a session
 */
final class NamedControllers<S> {
  private final Map<S, Set<ControllerAddress>> bySession = new HashMap<>();

  /** The controller at the other end names these. Nobody: it knows of none yet. */
  void named(S session, List<ControllerEndpoint> members) {
    Set<ControllerAddress> addresses = new HashSet<>();
    members.forEach(member -> addresses.add(new ControllerAddress(member.host(), member.port())));
    bySession.put(session, addresses);
  }

  /** What was said by this session counts no more. */
  void ended(S session) {
    bySession.remove(session);
  }

  /** Whom any of them names; empty = nobody says anything, and what was true stays true. */
  Set<ControllerAddress> all() {
    Set<ControllerAddress> all = new HashSet<>();
    bySession.values().forEach(all::addAll);
    return all;
  }
}
