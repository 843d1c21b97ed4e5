package io.sterna.store.cassandra;

import akka.actor.typed.ActorRef;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.SnapshotAdapter;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.RetentionCriteria;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.List;
import java.util.TreeMap;

/** The least that persists rows as a controller does, to try the real plugin with. */
final class RangeLog extends EventSourcedBehavior<RangeLog.Command, RangeEvent, RangeLog.State> {
  /** What it is told. */
  sealed interface Command permits Append, Read {}

  /** Persist this row. */
  record Append(RangeEvent row, ActorRef<State> replyTo) implements Command {}

  /** Answer with the state. */
  record Read(ActorRef<State> replyTo) implements Command {}

  /** What the rows amount to. */
  record State(long epoch, long revision, ChainHash hash, List<Binding> bindings) {
    static final State EMPTY = new State(0, 0, ChainHash.GENESIS, List.of());

    State apply(RangeEvent row) {
      Chain.fault(hash, row)
          .ifPresent(
              fault -> {
                throw new IllegalStateException(fault);
              });
      if (row instanceof RangeActivated) {
        return new State(row.epoch(), revision, row.hash(), bindings);
      }
      TreeMap<Object, Binding> map = new TreeMap<>();
      bindings.forEach(binding -> map.put(binding.address(), binding));
      for (Entry entry : ((RangeCommitted) row).entries()) {
        if (entry instanceof Entry.Bound bound) {
          map.put(bound.binding().address(), bound.binding());
        }
      }
      return new State(row.epoch(), row.lastRevision(), row.hash(), List.copyOf(map.values()));
    }
  }

  private final int snapshotEvery;

  RangeLog(String id, int snapshotEvery) {
    super(PersistenceId.of("range", id));
    this.snapshotEvery = snapshotEvery;
  }

  @Override
  public State emptyState() {
    return State.EMPTY;
  }

  @Override
  public CommandHandler<Command, RangeEvent, State> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Append.class,
            (state, append) ->
                Effect().persist(append.row()).thenReply(append.replyTo(), after -> after))
        .onCommand(Read.class, (state, read) -> Effect().reply(read.replyTo(), state))
        .build();
  }

  @Override
  public EventHandler<State, RangeEvent> eventHandler() {
    return newEventHandlerBuilder().forAnyState().onAnyEvent(State::apply);
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return snapshotEvery == 0
        ? RetentionCriteria.disabled()
        : RetentionCriteria.snapshotEvery(snapshotEvery, 2);
  }

  @Override
  public SnapshotAdapter<State> snapshotAdapter() {
    return new SnapshotAdapter<>() {
      @Override
      public Object toJournal(State state) {
        return new RangeSnapshot(state.epoch(), state.revision(), state.hash(), state.bindings());
      }

      @Override
      public State fromJournal(Object from) {
        RangeSnapshot snapshot = (RangeSnapshot) from;
        return new State(
            snapshot.epoch(), snapshot.revision(), snapshot.hash(), snapshot.bindings());
      }
    };
  }
}
