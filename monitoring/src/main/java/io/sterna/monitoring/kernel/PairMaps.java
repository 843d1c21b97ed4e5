package io.sterna.monitoring.kernel;

import com.sun.jna.Memory;
import io.sterna.linux.Bpf;
import io.sterna.monitoring.kernel.PairCounters.Totals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's maps: per family one for even and one for odd generations, the generation, totals.
 * They live as long as a program at the bridge uses them, and are found again by their names.
 */
final class PairMaps implements AutoCloseable {
  private static final int BEGUN_AT = 8;
  private static final int TOLD_AT = 16;

  /**
   * The generation as 4 bytes, 4 unused, when it began, by the monotonic clock, and the totals as
   * they were when they were told last.
   */
  static final int GENERATION_BYTES = TOLD_AT + PairProgram.TOTALS_BYTES;

  private final int[] fds;

  private PairMaps(int[] fds) {
    this.fds = fds;
  }

  /** New and empty. */
  static PairMaps create(int pairsPerFamily) throws IOException {
    List<Bpf.MapInfo> shapes = shapes(pairsPerFamily);
    List<Integer> made = new ArrayList<>();
    try {
      for (Bpf.MapInfo shape : shapes) {
        boolean single = shape.keyBytes() == Integer.BYTES;
        made.add(
            single ? Bpf.createValue(shape.name(), shape.valueBytes()) : Bpf.createHash(shape));
      }
    } catch (IOException e) {
      closeAll(made);
      throw e;
    }
    return of(made);
  }

  /** Those that an earlier process made; null if they are none of ours, or of another size. */
  static @Nullable PairMaps adopt(List<Integer> mapIds, int pairsPerFamily) throws IOException {
    Map<Bpf.MapInfo, Integer> byShape = new HashMap<>();
    for (int id : mapIds) {
      int fd = Bpf.mapById(id);
      Integer other = byShape.put(Bpf.mapInfo(fd), fd);
      if (other != null) {
        Bpf.close(other);
      }
    }
    List<Integer> found = new ArrayList<>();
    for (Bpf.MapInfo shape : shapes(pairsPerFamily)) {
      Integer fd = byShape.remove(shape);
      if (fd == null) {
        closeAll(found);
        closeAll(byShape.values());
        return null;
      }
      found.add(fd);
    }
    closeAll(byShape.values());
    return of(found);
  }

  private static PairMaps of(List<Integer> fds) {
    return new PairMaps(fds.stream().mapToInt(Integer::intValue).toArray());
  }

  private static List<Bpf.MapInfo> shapes(int pairs) {
    int value = PairProgram.VALUE_BYTES;
    return List.of(
        new Bpf.MapInfo("sterna_v4_even", PairProgram.KEY_BYTES_V4, value, pairs),
        new Bpf.MapInfo("sterna_v4_odd", PairProgram.KEY_BYTES_V4, value, pairs),
        new Bpf.MapInfo("sterna_v6_even", PairProgram.KEY_BYTES_V6, value, pairs),
        new Bpf.MapInfo("sterna_v6_odd", PairProgram.KEY_BYTES_V6, value, pairs),
        new Bpf.MapInfo("sterna_turn", Integer.BYTES, GENERATION_BYTES, 1),
        new Bpf.MapInfo("sterna_totals", Integer.BYTES, PairProgram.TOTALS_BYTES, 1));
  }

  int[] v4() {
    return new int[] {fds[0], fds[1]};
  }

  int[] v6() {
    return new int[] {fds[2], fds[3]};
  }

  int generation() {
    return fds[4];
  }

  /** What programs write to. */
  int totalsFd() {
    return fds[5];
  }

  /** What was counted since the maps were made, and is not told apart. */
  Totals totals() throws IOException {
    try (Memory value = new Memory(PairProgram.TOTALS_BYTES)) {
      Bpf.readValue(totalsFd(), value);
      return totals(value, 0);
    }
  }

  private static Totals totals(Memory value, int at) {
    return new Totals(
        value.getLong(at + PairProgram.TOTALS_OTHER),
        value.getLong(at + PairProgram.TOTALS_OTHER + 8),
        value.getLong(at + PairProgram.TOTALS_MISSED),
        value.getLong(at + PairProgram.TOTALS_MISSED + 8));
  }

  /** The totals as {@link #keepTold} kept them last, in whatever process; zeros at first. */
  Totals told() throws IOException {
    try (Memory value = new Memory(GENERATION_BYTES)) {
      Bpf.readValue(generation(), value);
      return totals(value, TOLD_AT);
    }
  }

  void keepTold(Totals told) throws IOException {
    try (Memory value = new Memory(GENERATION_BYTES)) {
      Bpf.readValue(generation(), value);
      value.setLong(TOLD_AT + PairProgram.TOTALS_OTHER, told.otherBytes());
      value.setLong(TOLD_AT + PairProgram.TOTALS_OTHER + 8, told.otherPackets());
      value.setLong(TOLD_AT + PairProgram.TOTALS_MISSED, told.missedBytes());
      value.setLong(TOLD_AT + PairProgram.TOTALS_MISSED + 8, told.missedPackets());
      Bpf.writeValue(generation(), value);
    }
  }

  /** A generation that ended: which one, and from when to when, by the monotonic clock. */
  record Ended(int generation, long begunNanos, long endedNanos) {}

  /** Packets from now on count in the other maps; programs that are running finish first. */
  Ended flip(long nowNanos) throws IOException {
    try (Memory value = new Memory(GENERATION_BYTES)) {
      Bpf.readValue(generation(), value);
      Ended ended = new Ended(value.getInt(0), value.getLong(BEGUN_AT), nowNanos);
      value.setInt(0, 1 - ended.generation());
      value.setLong(BEGUN_AT, nowNanos);
      Bpf.writeValue(generation(), value);
      return ended;
    }
  }

  /** Sets when the first generation begins. */
  void begin(long nowNanos) throws IOException {
    try (Memory value = new Memory(GENERATION_BYTES)) {
      value.clear();
      value.setLong(BEGUN_AT, nowNanos);
      Bpf.writeValue(generation(), value);
    }
  }

  @Override
  public void close() throws IOException {
    List<Integer> open = new ArrayList<>();
    for (int fd : fds) {
      open.add(fd);
    }
    closeAll(open);
  }

  private static void closeAll(Iterable<Integer> open) throws IOException {
    for (int fd : open) {
      Bpf.close(fd);
    }
  }
}
