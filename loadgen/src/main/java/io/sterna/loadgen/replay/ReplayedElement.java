package io.sterna.loadgen.replay;

import io.sterna.loadgen.link.FrameFeed;
import io.sterna.loadgen.table.BindingReader;
import io.sterna.loadgen.table.FeTable;
import io.sterna.loadgen.table.Heard;
import io.sterna.loadgen.table.TableWatch;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/** One element that hears the record, at once or late. Not thread-safe. */
final class ReplayedElement {
  private static final int SESSION = 1;

  private final FeId id;
  private final FrameFeed.Ear ear;
  private final FeTable table;
  private final long delayMillis;
  private final Queue<Late> late = new ArrayDeque<>();
  private final LateMoves moves = new LateMoves();
  private final BitSet reported = new BitSet();
  private final Set<RangeId> reportedRanges = new HashSet<>();

  /** Bytes that the element reads later than they came. */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Late(long dueMillis, ReplayRow row, byte[] frame) {}

  /** What an element said back. */
  enum Said {
    NOTHING,
    /** It dropped what it heard. */
    DROPPED,
    /** It asks for all of the range. */
    RESYNC
  }

  ReplayedElement(
      FeId id,
      FrameFeed.Ear ear,
      BindingReader reader,
      List<RangeId> ranges,
      Listener listener,
      long delayMillis) {
    this.id = id;
    this.ear = ear;
    this.table = new FeTable(id.value(), reader, new Watch(this, listener));
    this.delayMillis = delayMillis;
    table.welcome(ranges);
  }

  /** Hears what must never be. */
  @FunctionalInterface
  interface Listener {
    void wentBack(ReplayedElement element, String what);
  }

  private record Watch(ReplayedElement element, Listener listener) implements TableWatch {
    @Override
    public boolean isNew(RangePosition next) {
      return false;
    }

    @Override
    public void advanced(int vm, int fromVersion, int toVersion) {}

    @Override
    public void moved(RangePosition from, RangePosition to) {}

    @Override
    public void wentBack(String what) {
      listener.wentBack(element, what);
    }
  }

  FeId id() {
    return id;
  }

  FeTable table() {
    return table;
  }

  long delayMillis() {
    return delayMillis;
  }

  LateMoves moves() {
    return moves;
  }

  /** Whether this is the first time that something is said against a VM here. */
  boolean isFirstAgainst(int vm) {
    boolean first = !reported.get(vm);
    reported.set(vm);
    return first;
  }

  /** Whether this is the first time that something is said against a range as a whole here. */
  boolean isFirstAgainst(RangeId range) {
    return reportedRanges.add(range);
  }

  /** What it will hear later. */
  Queue<Late> late() {
    return late;
  }

  Said hear(byte[] frame) {
    Said[] said = {Said.NOTHING};
    ear.hear(frame, message -> said[0] = worse(said[0], hear(message)));
    return said[0];
  }

  private Said hear(FromController message) {
    Heard heard;
    if (message instanceof Delta delta) {
      heard = table.hear(SESSION, delta);
    } else if (message instanceof Snapshot part) {
      heard = table.hear(SESSION, part);
    } else {
      throw new IllegalArgumentException("no feed says " + message);
    }
    return switch (heard) {
      case APPLIED, INCOMPLETE, DUPLICATE -> Said.NOTHING;
      case OLD, UNKNOWN -> Said.DROPPED;
      case GAP -> Said.RESYNC;
    };
  }

  private static Said worse(Said one, Said other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
