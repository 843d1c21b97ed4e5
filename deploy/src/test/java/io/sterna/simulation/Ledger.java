package io.sterna.simulation;

import io.sterna.controller.range.RangeState;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What an owner knows of its range, and how it writes: the simulation's BindingLog. A write whose
 * fate is unknown makes it begin again as another writer.
 */
final class Ledger {
  private static final int SNAPSHOTS_KEPT = 3;

  private final World world;
  private final Owner owner;
  private final Controller controller;
  private final RangeId range;
  private RangeState state;
  private long seqNr;
  private long writer;
  private boolean ready;

  /**
   * What was read.
   *
   * @param state null if the snapshot was another one than that which was chosen
   */
  private record Replayed(@Nullable RangeState state, long lastSeqNr) {}

  Ledger(World world, Owner owner, Controller controller, RangeId range) {
    this.world = world;
    this.owner = owner;
    this.controller = controller;
    this.range = range;
    this.state = new RangeState(range);
  }

  RangeState state() {
    return state;
  }

  boolean isReady() {
    return ready;
  }

  RangePosition position() {
    return new RangePosition(range, owner.epoch(), state.revision(), state.hash());
  }

  /** Reads the journal, begins the epoch unless that was done before, and says so. */
  void recover() {
    ready = false;
    world
        .store()
        .request(
            controller.machine(),
            "choice of a snapshot of " + range,
            () -> world.store().journal(range).start(world.rules()),
            this::replay,
            this::restart);
  }

  /** Not at the same moment: what arrives in between, nobody acknowledges. */
  private void replay(Journal.Start start) {
    boolean filtered = world.rules().filtersReplay();
    world
        .store()
        .request(
            controller.machine(),
            "replay of " + range,
            () -> read(start, filtered),
            this::onRead,
            this::restart);
  }

  /** Writes a row; what follows happens once it is in the journal. */
  void write(RangeEvent row, Consumer<RangeState> written) {
    Journal.Row line =
        new Journal.Row(
            seqNr + 1, controller.machine().wallMillis(world.timeline().now()), writer, row);
    world
        .store()
        .request(
            controller.machine(),
            "row " + line.seqNr() + " of " + range + " in epoch " + row.epoch(),
            () -> {
              world.store().journal(range).append(line);
              return line;
            },
            stored -> onWritten(stored, written),
            this::restart);
  }

  /** Happens at the store: what is acknowledged later need not be in it. */
  private Replayed read(Journal.Start start, boolean filtered) {
    Journal.Content content = world.store().journal(range).read(start, filtered);
    if (content == null) {
      return new Replayed(null, 0);
    }
    RangeSnapshot snapshot = content.snapshot();
    RangeState read = snapshot == null ? new RangeState(range) : RangeState.of(range, snapshot);
    content.rows().forEach(row -> world.rules().replay(read, row));
    if (world.rules().misses(read)) {
      return read(Journal.Start.FIRST_ROW, filtered);
    }
    world.checks().recovered(controller, range, read);
    return new Replayed(read, content.lastSeqNr());
  }

  private void onRead(Replayed replayed) {
    if (owner.isStopped()) {
      return;
    }
    RangeState read = replayed.state();
    if (read == null) {
      restart();
      return;
    }
    state = read;
    seqNr = replayed.lastSeqNr();
    writer = world.nextWriter();
    world
        .timeline()
        .after(
            world.chance().millis(0, 1), controller.machine(), range + " replayed", this::activate);
  }

  private void activate() {
    if (owner.isStopped()) {
      return;
    }
    RangePosition from = position();
    if (state.epoch() > owner.epoch()) {
      owner.stop("a successor has written already");
    } else if (state.epoch() == owner.epoch()) {
      ready = true;
      owner.onRecovered(from);
    } else {
      write(
          state.activate(
              owner.epoch(),
              controller.id(),
              controller.machine().wallMillis(world.timeline().now())),
          after -> {
            ready = true;
            owner.onRecovered(from);
          });
    }
  }

  private void onWritten(Journal.Row line, Consumer<RangeState> written) {
    if (owner.isStopped()) {
      return;
    }
    seqNr = line.seqNr();
    world.rules().replay(state, line.event());
    if (seqNr % world.rules().snapshotEvery() == 0) {
      save();
    }
    written.accept(state);
  }

  private void save() {
    long at = seqNr;
    RangeSnapshot snapshot = state.toSnapshot();
    world
        .store()
        .request(
            controller.machine(),
            "snapshot " + at + " of " + range,
            () -> {
              int kept = SNAPSHOTS_KEPT * world.rules().snapshotEvery();
              world.store().journal(range).save(at, snapshot, kept);
              return at;
            },
            saved -> {},
            () -> {});
  }

  private void restart() {
    if (!owner.isStopped()) {
      ready = false;
      owner.onLogLost();
    }
  }
}
