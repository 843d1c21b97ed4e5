package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import io.sterna.controller.cluster.ClusterMessage;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Nodes tell each other each second how many VMs their ranges have at each site. A node that is not
 * heard of for some seconds counts for nothing: its ranges are others' by then.
 */
public final class SiteNews extends AbstractBehavior<SiteNews.Command> {
  private static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "site-news");
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int SILENT_INTERVALS_MAX = 5;

  private final ControllerId self;
  private final SiteTotals totals;
  private final Map<ControllerId, Integer> silentIntervals = new HashMap<>();
  private Set<ActorRef<Command>> nodes = Set.of();

  /** What is told, and when. */
  public sealed interface Command {}

  /** What a node's ranges have. */
  public record Told(ControllerId controller, List<SiteCount> counts)
      implements Command, ClusterMessage {
    public Told {
      counts = List.copyOf(counts);
    }
  }

  /** So many VMs at a site. */
  public record SiteCount(SiteId site, int vms) implements ClusterMessage {}

  private record NodesChanged(Set<ActorRef<Command>> nodes) implements Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  private SiteNews(ActorContext<Command> context, ControllerId self, SiteTotals totals) {
    super(context);
    this.self = self;
    this.totals = totals;
    context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
    ActorRef<Receptionist.Listing> listings =
        context.messageAdapter(
            Receptionist.Listing.class,
            listing -> new NodesChanged(listing.getServiceInstances(KEY)));
    context.getSystem().receptionist().tell(Receptionist.subscribe(KEY, listings));
  }

  /** Tells and listens for as long as the node runs. */
  public static Behavior<Command> create(ControllerId self, SiteTotals totals) {
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Tick.INSTANCE, INTERVAL);
          return Behaviors.setup(context -> new SiteNews(context, self, totals));
        });
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Told.class, this::onTold)
        .onMessage(NodesChanged.class, this::onNodesChanged)
        .onMessage(Tick.class, tick -> onTick())
        .build();
  }

  private Behavior<Command> onTold(Told told) {
    if (!told.controller().equals(self)) {
      silentIntervals.put(told.controller(), 0);
      totals.heard(
          told.controller(),
          told.counts().stream().collect(Collectors.toMap(SiteCount::site, SiteCount::vms)));
    }
    return this;
  }

  private Behavior<Command> onNodesChanged(NodesChanged changed) {
    nodes = Set.copyOf(changed.nodes());
    return this;
  }

  private Behavior<Command> onTick() {
    silentIntervals.replaceAll((controller, intervals) -> intervals + 1);
    silentIntervals.values().removeIf(intervals -> intervals > SILENT_INTERVALS_MAX);
    totals.retain(silentIntervals.keySet());
    Told own =
        new Told(
            self,
            totals.own().entrySet().stream()
                .map(each -> new SiteCount(each.getKey(), each.getValue()))
                .toList());
    nodes.forEach(node -> node.tell(own));
    return this;
  }
}
