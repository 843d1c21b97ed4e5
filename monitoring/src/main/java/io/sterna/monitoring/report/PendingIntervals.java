package io.sterna.monitoring.report;

import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What was counted and is not known to have arrived.
 *
 * <pre>
 *            add                  next                      acknowledged
 *  counted ------> accumulating ---------> in flight (n, n+1, ..) ------> gone
 *                  (no number)             unchanged, again on a new session
 * </pre>
 *
 * <p>Once an interval was sent it might have arrived, so it keeps its number and its content, and
 * is sent again until it is acknowledged: whoever counted it already knows the number. What was not
 * sent is in one sum, however long nobody listens: nothing is lost and the memory is bounded. So a
 * receiver that is slow, or gone, gets fewer and longer intervals.
 *
 * <p>Not thread-safe.
 */
public final class PendingIntervals {
  private final long incarnation;
  private final int inFlightMax;
  private final int pairsMax;
  private final int entriesPerReport;
  private final Deque<Interval> inFlight = new ArrayDeque<>();
  private Map<AddressPair, Count> accumulating = new HashMap<>();
  private long accumulatingNanos;
  private long nextInterval;

  private record Interval(long number, List<TrafficReport> parts) {}

  /**
   * Begins with nothing.
   *
   * @param incarnation of this agent; differs from those before
   * @param inFlightMax how many intervals may be on their way
   * @param pairsMax how many pairs of one interval are told apart
   * @param entriesPerReport how many entries one message carries
   * @throws IllegalArgumentException if a limit is not positive
   */
  public PendingIntervals(long incarnation, int inFlightMax, int pairsMax, int entriesPerReport) {
    if (inFlightMax < 1 || pairsMax < 1 || entriesPerReport < 1) {
      throw new IllegalArgumentException(
          "%d intervals of %d pairs, %d a message"
              .formatted(inFlightMax, pairsMax, entriesPerReport));
    }
    this.incarnation = incarnation;
    this.inFlightMax = inFlightMax;
    this.pairsMax = pairsMax;
    this.entriesPerReport = entriesPerReport;
  }

  /** Takes what was counted in an interval that followed the one added before. */
  public void add(Map<AddressPair, Count> counted, Duration duration) {
    accumulatingNanos += duration.toNanos();
    counted.forEach(this::add);
  }

  private void add(AddressPair pair, Count count) {
    boolean fits = accumulating.size() < pairsMax || accumulating.containsKey(pair);
    accumulating.merge(fits ? pair : pair.rest(), count, Count::plus);
  }

  /** What may be sent now for the first time; empty if nothing is there or enough is on its way. */
  public List<TrafficReport> next() {
    long durationMs = accumulatingNanos / 1_000_000;
    if (inFlight.size() >= inFlightMax || durationMs == 0) {
      return List.of();
    }
    Interval interval = new Interval(nextInterval, parts(nextInterval, durationMs));
    inFlight.add(interval);
    nextInterval++;
    accumulating = new HashMap<>();
    accumulatingNanos -= durationMs * 1_000_000;
    return interval.parts();
  }

  /** What a new session is sent before anything else. */
  public List<TrafficReport> again() {
    return inFlight.stream().flatMap(interval -> interval.parts().stream()).toList();
  }

  /**
   * All intervals up to this one have arrived. An acknowledgement of another incarnation is old.
   */
  public void acknowledged(long ofIncarnation, long interval) {
    while (ofIncarnation == incarnation
        && !inFlight.isEmpty()
        && inFlight.element().number() <= interval) {
      inFlight.remove();
    }
  }

  /** How many intervals are sent and not acknowledged. */
  public int inFlight() {
    return inFlight.size();
  }

  /** How many pairs wait to be sent for the first time; at most two more than the limit. */
  public int accumulatingPairs() {
    return accumulating.size();
  }

  private List<TrafficReport> parts(long number, long durationMs) {
    List<TrafficReport> parts = new ArrayList<>();
    Iterator<Map.Entry<AddressPair, Count>> rest = accumulating.entrySet().iterator();
    do {
      List<TrafficEntry> entries = new ArrayList<>();
      while (rest.hasNext() && entries.size() < entriesPerReport) {
        Map.Entry<AddressPair, Count> each = rest.next();
        entries.add(
            new TrafficEntry(
                each.getKey().source(),
                each.getKey().destination(),
                each.getValue().bytes(),
                each.getValue().packets()));
      }
      parts.add(
          new TrafficReport(
              incarnation, number, parts.size(), !rest.hasNext(), durationMs, entries));
    } while (rest.hasNext());
    return List.copyOf(parts);
  }
}
