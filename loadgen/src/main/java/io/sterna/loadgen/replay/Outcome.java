package io.sterna.loadgen.replay;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a replay showed.
 *
 * @param rows how many were told
 * @param changes of bindings
 * @param moves changes from one element to another
 * @param refusals claims that were refused
 * @param takeovers rows by which a controller took a range over
 * @param dropped so often an element dropped what it heard as old
 * @param resyncs so often an element asked for all of a range
 * @param checkpoints so often all tables were compared
 * @param clocks rows of owners whose clock was behind that of a row before
 * @param invariants how many violations of each; 0 = it holds
 * @param violations the first of them
 * @param late the elements that heard late
 */
public record Outcome(
    long rows,
    long changes,
    long moves,
    long refusals,
    long takeovers,
    long dropped,
    long resyncs,
    long checkpoints,
    ClocksBack clocks,
    Map<String, Long> invariants,
    List<Violation> violations,
    List<LateElement> late) {
  /**
   * Nothing is ever decided by clocks: no violation, but people should know.
   *
   * @param rows how many rows
   * @param mostMillis by how much at most
   * @param range where that was first
   * @param row which row
   */
  public record ClocksBack(long rows, long mostMillis, @Nullable RangeId range, long row) {
    static final ClocksBack NONE = new ClocksBack(0, 0, null, 0);

    ClocksBack with(long byMillis, RangeId inRange, long byRow) {
      boolean most = byMillis > mostMillis;
      return new ClocksBack(
          rows + 1, most ? byMillis : mostMillis, most ? inRange : range, most ? byRow : row);
    }
  }

  /**
   * An element that heard late.
   *
   * @param moves how many it heard of late
   * @param windows how many times it sent the packets of a VM to where the VM was not any more
   * @param sumMillis how long all of these together
   * @param longestMillis how long the longest
   * @param longest whose that was; null if there was none
   */
  public record LateElement(
      FeId element,
      long delayMillis,
      long moves,
      long windows,
      long sumMillis,
      long longestMillis,
      @Nullable IpAddress longest) {}

  /** Whether nothing was violated. */
  public boolean holds() {
    return invariants.values().stream().allMatch(count -> count == 0);
  }
}
