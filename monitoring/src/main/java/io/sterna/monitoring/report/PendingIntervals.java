package io.sterna.monitoring.report;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
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
import java.util.Optional;
import java.util.function.Function;

/**
 * What was counted and is not known to have arrived.
 *
 * <pre>
 *            add                  next                       acknowledged
 *  counted ------> accumulating ---------> parts, in order -------------> gone
 *                  (no number)             few of them sent, again on a new session
 * </pre>
 *
 * <p>Once a part was sent it might have arrived, so it keeps its number and its content, and is
 * sent again until it is acknowledged: whoever counted it already knows the number. What was not
 * cut into parts is in one sum, however long nobody listens: nothing is lost and the memory is
 * bounded. So a receiver that is slow, or gone, gets fewer and longer intervals.
 *
 * <p>Only so many parts are on their way at a time: what else the session carries waits behind no
 * more than that.
 *
 * <p>Not thread-safe.
 */
public final class PendingIntervals {
  private final long incarnation;
  private final int partsInFlightMax;
  private final int pairsMax;
  private final int entriesPerPart;
  private final Deque<TrafficReport> sent = new ArrayDeque<>();

  /** Of one interval, but for what is to be sent again. */
  private final Deque<TrafficReport> unsent = new ArrayDeque<>();

  private Map<AddressPair, Count> accumulating = new HashMap<>();
  private long accumulatingNanos;
  private long nextInterval;

  /**
   * Begins with nothing.
   *
   * @param incarnation of this agent; differs from those before
   * @param partsInFlightMax how many parts may be on their way
   * @param pairsMax how many pairs of one interval are told apart
   * @param entriesPerPart how many entries one message carries
   * @throws IllegalArgumentException if a limit is not positive, or a message cannot carry so much
   */
  public PendingIntervals(
      long incarnation, int partsInFlightMax, int pairsMax, int entriesPerPart) {
    if (partsInFlightMax < 1
        || pairsMax < 1
        || entriesPerPart < 1
        || entriesPerPart > TrafficReport.ENTRIES_MAX) {
      throw new IllegalArgumentException(
          "%d parts of intervals of %d pairs, %d a part"
              .formatted(partsInFlightMax, pairsMax, entriesPerPart));
    }
    this.incarnation = incarnation;
    this.partsInFlightMax = partsInFlightMax;
    this.pairsMax = pairsMax;
    this.entriesPerPart = entriesPerPart;
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

  /**
   * The part that is to be sent now; empty if there is none, or enough is on its way.
   *
   * @param whereabouts where a VM is bound, asked when an interval is cut into parts
   */
  public Optional<TrafficReport> next(Function<IpPrefix, Optional<FeId>> whereabouts) {
    if (sent.size() >= partsInFlightMax) {
      return Optional.empty();
    }
    if (unsent.isEmpty()) {
      cut(whereabouts);
    }
    TrafficReport part = unsent.poll();
    if (part != null) {
      sent.add(part);
    }
    return Optional.ofNullable(part);
  }

  /** What is on its way might be lost: it is to be sent again, before anything else. */
  public void again() {
    while (!sent.isEmpty()) {
      unsent.addFirst(sent.removeLast());
    }
  }

  /**
   * Everything up to this part has arrived. An acknowledgement of another incarnation is old.
   *
   * @return whether that was news
   */
  public boolean acknowledged(long ofIncarnation, long interval, int part) {
    if (ofIncarnation != incarnation) {
      return false;
    }
    int before = sent.size() + unsent.size();
    dropUpTo(sent, interval, part);
    if (sent.isEmpty()) {
      // It may have arrived the first time, while it waits to be sent again.
      dropUpTo(unsent, interval, part);
    }
    return sent.size() + unsent.size() < before;
  }

  private static void dropUpTo(Deque<TrafficReport> parts, long interval, int part) {
    TrafficReport first = parts.peek();
    while (first != null
        && (first.interval() < interval
            || (first.interval() == interval && first.part() <= part))) {
      parts.remove();
      first = parts.peek();
    }
  }

  /** How many parts are sent and not acknowledged. */
  public int inFlight() {
    return sent.size();
  }

  /** How many pairs are not yet cut into parts; at most two more than the limit. */
  public int accumulatingPairs() {
    return accumulating.size();
  }

  private void cut(Function<IpPrefix, Optional<FeId>> whereabouts) {
    long durationMs = accumulatingNanos / 1_000_000;
    if (durationMs == 0) {
      return;
    }
    int part = 0;
    Iterator<Map.Entry<AddressPair, Count>> rest = accumulating.entrySet().iterator();
    do {
      List<TrafficEntry> entries = new ArrayList<>();
      while (rest.hasNext() && entries.size() < entriesPerPart) {
        Map.Entry<AddressPair, Count> each = rest.next();
        AddressPair pair = each.getKey();
        entries.add(
            new TrafficEntry(
                pair.source(),
                pair.destination(),
                whereabouts.apply(pair.destination()),
                each.getValue().bytes(),
                each.getValue().packets()));
      }
      unsent.add(
          new TrafficReport(incarnation, nextInterval, part, !rest.hasNext(), durationMs, entries));
      part++;
    } while (rest.hasNext());
    nextInterval++;
    accumulating = new HashMap<>();
    accumulatingNanos -= durationMs * 1_000_000;
  }
}
