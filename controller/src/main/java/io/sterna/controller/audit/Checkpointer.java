package io.sterna.controller.audit;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.SingletonActor;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.Checkpoint;
import io.sterna.store.audit.Head;
import io.sterna.store.cassandra.CheckpointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Signs, again and again, where the ranges are: one in the cluster. It asks the owners and not the
 * journal, so who tampers with the journal between two checkpoints cannot have that signed.
 */
public final class Checkpointer extends AbstractBehavior<Checkpointer.Command> {
  private static final String NAME = "audit-checkpoints";

  private final Parts parts;
  private final Executor blocking;
  private final Map<RangeId, Head> signed = new HashMap<>();

  /** What it understands. */
  public sealed interface Command {}

  private enum Due implements Command {
    INSTANCE
  }

  private record Heard(List<Head> heads) implements Command {}

  private record Done(List<Head> heads, String failure) implements Command {}

  /**
   * What it works with.
   *
   * @param heads where the ranges say that they are; those that do not answer are left out
   * @param copy a file that each checkpoint is added to as well
   */
  public record Parts(
      ControllerId self,
      PrivateKey key,
      Duration interval,
      Optional<Path> copy,
      Supplier<CheckpointStore> store,
      Supplier<CompletionStage<List<Head>>> heads,
      InstantSource clock) {}

  private Checkpointer(ActorContext<Command> context, Parts parts) {
    super(context);
    this.parts = parts;
    this.blocking = RecordThreads.upkeep(context.getSystem());
  }

  /** Takes part in having one in the cluster. */
  public static ActorRef<Command> start(ActorSystem<?> system, Parts parts) {
    return ClusterSingleton.get(system).init(SingletonActor.of(create(parts), NAME));
  }

  private static Behavior<Command> create(Parts parts) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  timers.startTimerWithFixedDelay(Due.INSTANCE, parts.interval());
                  return new Checkpointer(context, parts);
                }));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Due.class, due -> onDue())
        .onMessage(Heard.class, this::onHeard)
        .onMessage(Done.class, this::onDone)
        .build();
  }

  private Behavior<Command> onDue() {
    getContext()
        .pipeToSelf(
            parts.heads().get(),
            (heads, failure) -> new Heard(failure == null ? heads : List.of()));
    return this;
  }

  private Behavior<Command> onHeard(Heard heard) {
    List<Head> changed =
        heard.heads().stream()
            .filter(head -> !head.equals(signed.get(head.range())))
            .filter(head -> !head.hash().equals(ChainHash.GENESIS))
            .toList();
    if (changed.isEmpty()) {
      return this;
    }
    getContext()
        .pipeToSelf(
            CompletableFuture.supplyAsync(() -> write(changed), blocking),
            (failure, broken) ->
                new Done(changed, broken == null ? failure : String.valueOf(broken)));
    return this;
  }

  private Behavior<Command> onDone(Done done) {
    if (done.failure().isEmpty()) {
      done.heads().forEach(head -> signed.put(head.range(), head));
    } else {
      getContext().getLog().warn("No checkpoint was signed: {}", done.failure());
    }
    return this;
  }

  private String write(List<Head> heads) {
    Optional<Checkpoint> newest = parts.store().get().newest();
    long number = newest.map(each -> each.content().number()).orElse(0L) + 1;
    Checkpoint.Content content =
        new Checkpoint.Content(
            number,
            parts.clock().millis(),
            parts.self().value(),
            newest.map(Checkpoint::hash).orElse(ChainHash.GENESIS),
            heads);
    try {
      Checkpoint checkpoint = Checkpoint.sign(content, parts.key());
      if (!parts.store().get().append(number, checkpoint)) {
        return "another controller wrote checkpoint " + number;
      }
      if (parts.copy().isPresent()) {
        new CheckpointFile(parts.copy().get()).append(checkpoint);
      }
      return "";
    } catch (GeneralSecurityException | IOException e) {
      return e.toString();
    }
  }
}
