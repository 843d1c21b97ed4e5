package io.sterna.monitoring.kernel;

import com.sun.jna.Memory;
import io.sterna.linux.Bpf;
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
  /** The generation as 4 bytes, 4 unused, and when it began, by the monotonic clock. */
  static final int GENERATION_BYTES = 16;

  private static final int BEGUN_AT = 8;

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

  int totals() {
    return fds[5];
  }

  /** A generation that ended: which one, and when it had begun, by the monotonic clock. */
  record Ended(int generation, long begunNanos) {}

  /** Packets from now on count in the other maps; returns when none counts in the former ones. */
  Ended flip(long nowNanos) throws IOException {
    try (Memory value = new Memory(GENERATION_BYTES)) {
      Bpf.readValue(generation(), value);
      Ended ended = new Ended(value.getInt(0), value.getLong(BEGUN_AT));
      value.setInt(0, 1 - ended.generation());
      value.setLong(BEGUN_AT, nowNanos);
      Bpf.writeValue(generation(), value);
      Bpf.awaitRunning();
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
