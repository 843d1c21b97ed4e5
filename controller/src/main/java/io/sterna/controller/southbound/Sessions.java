package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.ServiceKey;
import io.sterna.controller.cluster.ClusterMessage;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sessions of this node, one for each connected element, and the ranges that this node owns: it
 * introduces each to each.
 */
public final class Sessions extends AbstractBehavior<Sessions.Command> {
  /** Finds the registries of all nodes. */
  public static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "sessions");

  private final ControllerId self;
  private final Function<Connection, Behavior<SessionCommand>> sessionOf;
  private final Map<FeId, ActorRef<SessionCommand>> sessions = new HashMap<>();
  private final Map<RangeId, ActorRef<RangeCommand>> ranges = new HashMap<>();
  private List<ControllerEndpoint> members = List.of();

  /** What the registry understands. */
  public sealed interface Command {}

  /** An element connected and has shown who it is. */
  record Connected(Connection connection) implements Command {}

  /** A session knows its element. */
  record SessionOpened(FeId fe, ActorRef<SessionCommand> session, List<RangePosition> positions)
      implements Command {}

  /** A session ended. */
  record SessionEnded(FeId fe, ActorRef<SessionCommand> session) implements Command {}

  /** A range is active on this node: it hears of every session until it stops. */
  public record RangeActive(RangeId range, ActorRef<RangeCommand> owner) implements Command {}

  /** The range is not active on this node any more. */
  private record RangeStopped(RangeId range, ActorRef<RangeCommand> owner) implements Command {}

  /** The controllers of the cluster changed. */
  public record ControllersChanged(List<ControllerEndpoint> members) implements Command {}

  /**
   * Say this to an element, if it has a session here; whoever asks hears nothing, and asks again.
   */
  public record TellElement(FeId fe, MigrationCommand command) implements Command, ClusterMessage {}

  /** Which elements hold a session to this node? */
  public record ListSessions(ActorRef<SessionListing> replyTo) implements Command, ClusterMessage {}

  /** The answer. */
  public record SessionListing(ControllerId controller, List<FeId> elements)
      implements ClusterMessage {
    public SessionListing {
      elements = List.copyOf(elements);
    }
  }

  private Sessions(
      ActorContext<Command> context,
      ControllerId self,
      Function<Connection, Behavior<SessionCommand>> sessionOf) {
    super(context);
    this.self = self;
    this.sessionOf = sessionOf;
  }

  static Behavior<Command> create(
      ControllerId self,
      Function<ActorRef<Command>, Function<Connection, Behavior<SessionCommand>>> sessionOf) {
    return Behaviors.setup(
        context -> new Sessions(context, self, sessionOf.apply(context.getSelf())));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Connected.class, this::onConnected)
        .onMessage(SessionOpened.class, this::onOpened)
        .onMessage(SessionEnded.class, this::onEnded)
        .onMessage(RangeActive.class, this::onRangeActive)
        .onMessage(ControllersChanged.class, this::onControllersChanged)
        .onMessage(ListSessions.class, this::onListSessions)
        .onMessage(TellElement.class, this::onTellElement)
        .onMessage(RangeStopped.class, this::onRangeStopped)
        .build();
  }

  private Behavior<Command> onConnected(Connected connected) {
    getContext().spawnAnonymous(sessionOf.apply(connected.connection()));
    return this;
  }

  private Behavior<Command> onOpened(SessionOpened opened) {
    Map<RangeId, RangePosition> positions = new HashMap<>();
    opened.positions().forEach(position -> positions.put(position.range(), position));
    ActorRef<SessionCommand> older = sessions.put(opened.fe(), opened.session());
    if (older != null) {
      older.tell(SessionCommand.Superseded.INSTANCE);
    }
    if (!members.isEmpty()) {
      // Its Welcome may be from the moment before they changed.
      opened.session().tell(new SessionCommand.MembersChanged(members));
    }
    ranges.forEach(
        (range, owner) ->
            owner.tell(
                new RangeCommand.FeAttached(
                    opened.fe(),
                    opened.session(),
                    Optional.of(positions.getOrDefault(range, RangePosition.unknown(range))))));
    return this;
  }

  private Behavior<Command> onEnded(SessionEnded ended) {
    sessions.remove(ended.fe(), ended.session());
    ranges
        .values()
        .forEach(owner -> owner.tell(new RangeCommand.FeDetached(ended.fe(), ended.session())));
    return this;
  }

  private Behavior<Command> onRangeActive(RangeActive active) {
    ranges.put(active.range(), active.owner());
    getContext().watchWith(active.owner(), new RangeStopped(active.range(), active.owner()));
    // What they said in Hello is old: earlier owners have fed them since.
    sessions.forEach(
        (fe, session) ->
            active.owner().tell(new RangeCommand.FeAttached(fe, session, Optional.empty())));
    return this;
  }

  private Behavior<Command> onControllersChanged(ControllersChanged changed) {
    members = changed.members();
    SessionCommand news = new SessionCommand.MembersChanged(changed.members());
    sessions.values().forEach(session -> session.tell(news));
    return this;
  }

  private Behavior<Command> onListSessions(ListSessions ask) {
    ask.replyTo().tell(new SessionListing(self, sessions.keySet().stream().sorted().toList()));
    return this;
  }

  private Behavior<Command> onTellElement(TellElement tell) {
    ActorRef<SessionCommand> session = sessions.get(tell.fe());
    if (session != null) {
      session.tell(new SessionCommand.MigrationAsked(tell.command()));
    }
    return this;
  }

  private Behavior<Command> onRangeStopped(RangeStopped stopped) {
    ranges.remove(stopped.range(), stopped.owner());
    SessionCommand news = new SessionCommand.OwnerStopped(stopped.range(), stopped.owner());
    sessions.values().forEach(session -> session.tell(news));
    return this;
  }
}
