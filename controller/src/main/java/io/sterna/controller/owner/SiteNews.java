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
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Nodes tell each other each second how many VMs their ranges have at each site ({@link
 * SiteTotals}).
 */
public final class SiteNews extends AbstractBehavior<SiteNews.Command> {
  private static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "site-news");
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** So many ranges and sites in one message: about 40 KiB, far from the limits. */
  private static final int COUNTS_MAX = 1000;

  private final ControllerId self;
  private final SiteTotals totals;
  private Set<ActorRef<Command>> nodes = Set.of();

  /** What is told, and when. */
  public sealed interface Command {}

  /** What some of a node's ranges have. */
  public record Told(ControllerId controller, List<RangeCount> ranges)
      implements Command, ClusterMessage {
    public Told {
      ranges = List.copyOf(ranges);
    }
  }

  /** What a range has, as its owner of this epoch says. */
  public record RangeCount(RangeId range, long epoch, List<SiteCount> counts)
      implements ClusterMessage {
    public RangeCount {
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
      for (RangeCount range : told.ranges()) {
        totals.heard(
            range.range(),
            range.epoch(),
            range.counts().stream().collect(Collectors.toMap(SiteCount::site, SiteCount::vms)));
      }
    }
    return this;
  }

  private Behavior<Command> onNodesChanged(NodesChanged changed) {
    nodes = Set.copyOf(changed.nodes());
    return this;
  }

  private Behavior<Command> onTick() {
    List<RangeCount> part = new ArrayList<>();
    int counts = 0;
    for (SiteTotals.Own own : totals.own()) {
      part.add(count(own));
      counts += 1 + own.counts().size();
      if (counts >= COUNTS_MAX) {
        tell(part);
        part.clear();
        counts = 0;
      }
    }
    tell(part);
    return this;
  }

  private void tell(List<RangeCount> part) {
    if (!part.isEmpty()) {
      Told told = new Told(self, part);
      nodes.forEach(node -> node.tell(told));
    }
  }

  private static RangeCount count(SiteTotals.Own own) {
    return new RangeCount(
        own.range(),
        own.epoch(),
        own.counts().entrySet().stream()
            .map(each -> new SiteCount(each.getKey(), each.getValue()))
            .toList());
  }
}
