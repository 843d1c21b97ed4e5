package io.sterna.bench;

import io.sterna.lab.LabException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a process's memory while a load measures: once before an element stalls, and then some
 * times until shortly before its stall ends. What goes wrong is said when it is asked for: other
 * figures of the same load do not need it.
 */
final class StallMemory implements LoadGenerator.Watch {
  /** Readings while the element stalls. */
  private static final int READINGS = 4;

  /** The one before: when Java has compiled most of what it will. */
  private static final double BEFORE_AT = 0.75;

  private static final double LAST_AT = 0.9;

  /** A load says that it measures after a second. */
  private static final Duration UNTIL_SAID = Duration.ofSeconds(1);

  private static final double MEBIBYTE = 1 << 20;

  private final long pid;
  private final LoadPlan.Stall stall;
  private final List<JavaMemory> readings = new ArrayList<>();
  private JavaMemory.@Nullable Heap heap;
  private long startNanos;
  private @Nullable LabException failure;

  /** Of a process, when an element stalls. */
  StallMemory(long pid, LoadPlan.Stall stall) {
    this.pid = pid;
    this.stall = stall;
  }

  @Override
  public void measuring() {
    if (failure != null || readings.size() > READINGS) {
      return;
    }
    try {
      read();
    } catch (LabException e) {
      failure = e;
    }
  }

  private void read() throws LabException {
    long now = System.nanoTime();
    JavaMemory.Heap where = heap;
    if (where == null) {
      startNanos = now - UNTIL_SAID.toNanos();
      where = JavaMemory.Heap.of(pid);
      heap = where;
    }
    int reading = readings.size();
    if (now - startNanos < dueNanos(reading)) {
      return;
    }
    readings.add(JavaMemory.of(pid, where));
    if (System.nanoTime() - startNanos > endNanos(reading)) {
      throw new LabException(
          "measured for too short a time to read the controller's memory: --seconds and"
              + " --stall-seconds say how long");
    }
  }

  private long dueNanos(int reading) {
    double afterNanos = stall.after().toNanos();
    double lastsNanos = stall.lasts().toNanos();
    return (long)
        (reading == 0
            ? afterNanos * BEFORE_AT
            : afterNanos + lastsNanos * LAST_AT * reading / READINGS);
  }

  private long endNanos(int reading) {
    return (reading == 0 ? stall.after() : stall.after().plus(stall.lasts())).toNanos();
  }

  /**
   * The most while the element stalled less that before, in MiB.
   *
   * @param conditions to which what was read is added
   * @throws LabException if not all could be read in time
   */
  double growthMebibytes(Map<String, Object> conditions) throws LabException {
    if (failure != null) {
      throw new LabException(String.valueOf(failure.getMessage()), failure);
    }
    if (readings.size() <= READINGS) {
      throw new LabException("the load ended before the controller's memory was read");
    }
    conditions.put(
        "live_heap_mebibytes",
        readings.stream().map(each -> mebibytes(each.liveHeapBytes())).toList());
    conditions.put(
        "outside_heap_mebibytes",
        readings.stream().map(each -> mebibytes(each.outsideBytes())).toList());
    long before = readings.get(0).totalBytes();
    long most = readings.stream().skip(1).mapToLong(JavaMemory::totalBytes).max().orElseThrow();
    return (most - before) / MEBIBYTE;
  }

  private static double mebibytes(long bytes) {
    return Figure.rounded(bytes / MEBIBYTE);
  }
}
