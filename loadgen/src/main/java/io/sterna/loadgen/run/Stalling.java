package io.sterna.loadgen.run;

import io.sterna.loadgen.measure.Latency;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.RangePosition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes an element stall and watches what that does to the others. Belongs to one thread.
 *
 * <p>States: before -> stalled -> catching up -> caught up.
 */
final class Stalling {
  private static final double MS = 1e6;
  private static final long SAMPLE_NANOS = 1_000_000_000;

  private final long beginNanos;
  private final long endNanos;
  private final EmulatedFe staller;
  private final FeTable other;
  private final Map<String, ProcessHandle> processes;
  private final Latency before = new Latency();
  private final Latency during = new Latency();
  private State state = State.BEFORE;
  private List<RangePosition> goal = List.of();
  private long caughtUpNanos;
  private Map<String, Long> residentBefore = Map.of();
  private final Map<String, Long> residentMax = new LinkedHashMap<>();
  private long sampleAtNanos;

  private enum State {
    BEFORE,
    STALLED,
    CATCHING_UP,
    CAUGHT_UP
  }

  /**
   * @param startNanos when measuring began
   * @param other an element that does not stall
   * @param processes whose memory is watched
   */
  Stalling(
      Scenario.Stall stall,
      long startNanos,
      EmulatedFe staller,
      EmulatedFe other,
      Map<String, ProcessHandle> processes) {
    this.beginNanos = startNanos + stall.after().toNanos();
    this.endNanos = beginNanos + stall.lasts().toNanos();
    this.staller = staller;
    this.other = other.table();
    this.processes = processes;
  }

  /** Begins and ends the stall when it is time. */
  void tick(long now) {
    if (state == State.BEFORE && now >= beginNanos) {
      state = State.STALLED;
      residentBefore = Resident.mebibytes(processes);
      staller.deafen(true);
    } else if (state == State.STALLED && now >= endNanos) {
      state = State.CATCHING_UP;
      goal = other.positions();
      staller.deafen(false);
    } else if (state == State.CATCHING_UP && hasCaughtUp()) {
      state = State.CAUGHT_UP;
      caughtUpNanos = now;
    }
    if (state == State.STALLED && now >= sampleAtNanos) {
      sampleAtNanos = now + SAMPLE_NANOS;
      Resident.mebibytes(processes)
          .forEach((name, mebibytes) -> residentMax.merge(name, mebibytes, Math::max));
    }
  }

  /** A change reached the last of the others. */
  void installed(long dueNanos, long tookNanos) {
    Latency phase = phase(dueNanos);
    if (phase != null) {
      phase.record(tookNanos);
    }
  }

  /** A change did not reach the last of the others for so long, and was not awaited longer. */
  void unfinished(long dueNanos, long tookNanos) {
    Latency phase = phase(dueNanos);
    if (phase != null) {
      phase.recordUnfinished(tookNanos);
    }
  }

  private @Nullable Latency phase(long dueNanos) {
    if (dueNanos < beginNanos) {
      return before;
    }
    return dueNanos < endNanos ? during : null;
  }

  StallResult found() {
    boolean caughtUp = state == State.CAUGHT_UP;
    double caughtUpMs = caughtUp ? (caughtUpNanos - endNanos) / MS : -1;
    return new StallResult(before, during, caughtUpMs, residentBefore, residentMax);
  }

  private boolean hasCaughtUp() {
    for (RangePosition wanted : goal) {
      RangePosition its = staller.table().position(wanted.range());
      if (its == null || its.isBefore(wanted)) {
        return false;
      }
    }
    return true;
  }
}
