package io.sterna.controller.owner;

import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.ActorContext;
import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.BindingLog.Content;
import io.sterna.controller.owner.BindingLog.Recovered;
import io.sterna.controller.owner.BindingLog.Replayed;
import io.sterna.controller.owner.OwnerEvent.LogCommitted;
import io.sterna.controller.owner.OwnerEvent.LogMisled;
import io.sterna.controller.owner.OwnerEvent.LogRead;
import io.sterna.controller.owner.OwnerEvent.LogRecovered;
import io.sterna.controller.owner.RangeCommand.FindBinding;
import io.sterna.controller.owner.RangeCommand.ListBindings;
import io.sterna.controller.policy.Chore;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.SnapshotChoice.Start;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The {@link BindingLog} that an owner has, if it has one; it is watched. */
final class OwnLog {
  private final ActorContext<RangeCommand> context;
  private final RangeId range;
  private final RangeServices services;
  private @Nullable ActorRef<BindingLog.Command> log;
  private long startNumber;
  private long startBelow = Long.MAX_VALUE;

  /** None yet. */
  OwnLog(ActorContext<RangeCommand> context, RangeId range, RangeServices services) {
    // Else it is named after whoever of its parts says something first.
    context.setLoggerName(AddressRange.class);
    this.context = context;
    this.range = range;
    this.services = services;
  }

  boolean isThere() {
    return log != null;
  }

  /** Begins to replay; in one epoch at an older snapshot each time, and last at the first row. */
  void start(long epoch, Start start) {
    ActorRef<Replayed> replayed =
        context.messageAdapter(
            Replayed.class,
            said -> said instanceof Recovered r ? new LogRecovered(r) : LogMisled.INSTANCE);
    ActorRef<BindingLog.Command> spawned =
        context.spawn(
            BindingLog.create(range, epoch, start, replayed, services),
            "log-" + epoch + "-from-" + start.number());
    context.watch(spawned);
    log = spawned;
    startNumber = start.number();
  }

  /**
   * Only snapshots with a number below this one are of use: rows that count follow none of the
   * others. The older ones are there for that, and the first row may be archived.
   */
  long startBelow() {
    return startBelow;
  }

  /** The snapshot that it began at is of no use. */
  void misled() {
    stop();
    startBelow = startNumber;
  }

  void stop() {
    startBelow = Long.MAX_VALUE;
    if (log != null) {
      context.unwatch(log);
      context.stop(log);
      log = null;
    }
  }

  /** It has ended by itself. */
  void ended() {
    log = null;
  }

  void commit(List<ClaimRequest> claims, List<Chore> chores) {
    there()
        .tell(
            new BindingLog.Commit(
                claims, chores, context.messageAdapter(Committed.class, LogCommitted::new)));
  }

  void readAll() {
    there().tell(new BindingLog.ReadAll(context.messageAdapter(Content.class, LogRead::new)));
  }

  void read(RangeCommand read) {
    if (read instanceof ListBindings list) {
      there().tell(new BindingLog.ReadPage(list.after(), list.limit(), list.replyTo()));
    } else if (read instanceof FindBinding find) {
      there().tell(new BindingLog.ReadOne(find.address(), find.replyTo()));
    }
  }

  void sayActive(Recovered recovered, Duration after) {
    context
        .getLog()
        .info(
            "Range {} is active after {} ms: epoch {}, revision {}, {} bindings",
            range,
            after.toMillis(),
            recovered.position().epoch(),
            recovered.position().revision(),
            recovered.counts().bindings());
  }

  private ActorRef<BindingLog.Command> there() {
    return Objects.requireNonNull(log, "no log");
  }
}
