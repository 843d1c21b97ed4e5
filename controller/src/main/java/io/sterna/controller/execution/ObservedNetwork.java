package io.sterna.controller.execution;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.OverfullException;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.controller.traffic.TrafficCommand.SnapshotOfTraffic;
import io.sterna.controller.traffic.TrafficSnapshot;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The network as the traffic's collector, which is on the same node, and the ranges see it. While
 * one of them does not answer, or the collector has just begun and an element with VMs has not
 * reported yet, too little is known.
 */
public final class ObservedNetwork implements LiveNetwork.Source {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ActorSystem<?> system;
  private final Optional<Network> network;
  private final List<FeEndpoint> inventory;
  private final Map<SiteId, Integer> siteCapacity;
  private final long vmMemoryMib;
  private final ActorRef<TrafficCommand> collector;
  private final Supplier<Source<BoundAddress, NotUsed>> bound;

  /**
   * @param collector the way to it
   * @param bound everybody's bindings, read anew each time
   */
  public ObservedNetwork(
      ActorSystem<?> system,
      ControllerSettings settings,
      ActorRef<TrafficCommand> collector,
      Supplier<Source<BoundAddress, NotUsed>> bound) {
    this.system = system;
    this.network = settings.network();
    this.inventory = settings.forwardingElements();
    this.siteCapacity = settings.policy().siteCapacity();
    this.vmMemoryMib = settings.relocation().vmMemoryMib();
    this.collector = collector;
    this.bound = bound;
  }

  @Override
  public CompletionStage<Optional<LiveNetwork>> look() {
    if (network.isEmpty()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletionStage<TrafficSnapshot> traffic =
        AskPattern.ask(collector, SnapshotOfTraffic::new, TIMEOUT, system.scheduler());
    return traffic
        .thenCompose(
            seen -> bound.get().runWith(Sink.seq(), system).thenApply(all -> put(all, seen)))
        .exceptionally(ObservedNetwork::unknownIfLate);
  }

  private Optional<LiveNetwork> put(List<BoundAddress> all, TrafficSnapshot seen) {
    try {
      return new Observation(network.orElseThrow(), inventory, siteCapacity, vmMemoryMib)
          .with(all, seen);
    } catch (OverfullException e) {
      throw new CompletionException(e);
    }
  }

  private static Optional<LiveNetwork> unknownIfLate(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TimeoutException) {
      return Optional.empty();
    }
    throw failure instanceof CompletionException known ? known : new CompletionException(failure);
  }
}
