package io.sterna.controller.cluster;

import akka.actor.Address;
import akka.actor.typed.ActorSystem;
import akka.cluster.ClusterEvent.CurrentClusterState;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import io.sterna.controller.ControllerSettings;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The controllers of the cluster. What a controller tells of itself travels as Akka roles, which
 * are part of the membership: whoever sees a member knows its id and where elements connect to it.
 */
public final class ControllerDirectory {
  private static final String ID = "id=";
  private static final String SOUTHBOUND = "southbound=";

  private final Cluster cluster;

  /**
   * A controller as this node sees it.
   *
   * @param address where it talks to other controllers, host:port
   * @param status Akka's word in lower case: joining, weaklyup, up, leaving, exiting, down
   * @param oldest whether it is the oldest
   */
  public record Seen(
      ControllerId id, String address, String status, boolean reachable, boolean oldest) {}

  public ControllerDirectory(ActorSystem<?> system) {
    this.cluster = Cluster.get(system);
  }

  /** The roles by which a controller tells of itself. */
  public static List<String> roles(ControllerSettings settings) {
    ControllerSettings.Southbound southbound = settings.southbound();
    return List.of(
        ID + settings.id(),
        SOUTHBOUND + southbound.advertisedHost() + ":" + southbound.listen().port());
  }

  /** Where forwarding elements connect: every controller that is up and not leaving. */
  public List<ControllerEndpoint> endpoints() {
    return endpointsOf(cluster.state().getMembers());
  }

  /** Where forwarding elements connect, if these are the members. */
  static List<ControllerEndpoint> endpointsOf(Iterable<Member> members) {
    List<ControllerEndpoint> endpoints = new ArrayList<>();
    for (Member member : members) {
      if (member.status().equals(MemberStatus.up())) {
        endpointOf(member).ifPresent(endpoints::add);
      }
    }
    endpoints.sort(Comparator.comparing(ControllerEndpoint::controller));
    return List.copyOf(endpoints);
  }

  /** Every controller, in order of id. */
  public List<Seen> members() {
    CurrentClusterState state = cluster.state();
    Set<Member> unreachable = state.getUnreachable();
    Optional<Address> oldest = oldest(state);
    List<Seen> seen = new ArrayList<>();
    for (Member member : state.getMembers()) {
      role(member, ID)
          .ifPresent(
              id ->
                  seen.add(
                      new Seen(
                          new ControllerId(id),
                          member.address().hostPort(),
                          member.status().toString().toLowerCase(java.util.Locale.ROOT),
                          !unreachable.contains(member),
                          oldest.equals(Optional.of(member.address())))));
    }
    seen.sort(Comparator.comparing(Seen::id));
    return seen;
  }

  private static Optional<Address> oldest(CurrentClusterState state) {
    Member oldest = null;
    for (Member member : state.getMembers()) {
      if (oldest == null || member.isOlderThan(oldest)) {
        oldest = member;
      }
    }
    return Optional.ofNullable(oldest).map(Member::address);
  }

  private static Optional<ControllerEndpoint> endpointOf(Member member) {
    Optional<String> id = role(member, ID);
    Optional<String> southbound = role(member, SOUTHBOUND);
    if (id.isEmpty() || southbound.isEmpty()) {
      return Optional.empty();
    }
    int colon = southbound.get().lastIndexOf(':');
    return Optional.of(
        new ControllerEndpoint(
            new ControllerId(id.get()),
            southbound.get().substring(0, colon),
            Integer.parseInt(southbound.get().substring(colon + 1))));
  }

  private static Optional<String> role(Member member, String key) {
    return member.getRoles().stream()
        .filter(role -> role.startsWith(key))
        .map(role -> role.substring(key.length()))
        .findFirst();
  }
}
