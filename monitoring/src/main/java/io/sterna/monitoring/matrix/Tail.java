package io.sterna.monitoring.matrix;

import io.sterna.monitoring.matrix.DecayingCount.Span;
import io.sterna.monitoring.report.AddressPair;
import java.util.Arrays;
import java.util.List;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;

/**
 * The pairs without counters of their own.
 *
 * <p>A frequent-items sketch (Anderson et al., 'A high-performance algorithm for identifying
 * frequent items in data streams', 2017) of the bytes since the slice began. It knows of every pair
 * a lower and an upper bound that certainly hold; they differ by at most {@code 3.5 / itemsMax} of
 * the tail's bytes, so no pair with a larger share is missed. What all pairs of the tail send is
 * counted exactly.
 */
final class Tail {
  private final int itemsMax;
  private ItemsSketch<AddressPair> bytes;
  private long sliceBytes;
  private long slicePackets;
  private long sliceFromMillis = Long.MAX_VALUE;
  private long sliceToMillis = Long.MIN_VALUE;
  private final DecayingCount all = new DecayingCount(0);

  /**
   * A pair that certainly sent this much in the slice.
   *
   * @param bytesMin the certain part
   * @param packets its share of the tail's packets, by bytes
   * @param errorBytes how much more it may have been
   */
  record Heavy(AddressPair pair, long bytesMin, double packets, long errorBytes) {}

  Tail(int itemsMax) {
    this.itemsMax = itemsMax;
    this.bytes = new ItemsSketch<>(itemsMax);
  }

  void add(AddressPair pair, long moreBytes, long morePackets, Span span, double constantMs) {
    bytes.update(pair, moreBytes);
    sliceBytes += moreBytes;
    slicePackets += morePackets;
    sliceFromMillis = Math.min(sliceFromMillis, span.endMillis() - span.durationMs());
    sliceToMillis = Math.max(sliceToMillis, span.endMillis());
    all.add(moreBytes, morePackets, span, constantMs);
  }

  /** The time that the slice's reports were about. */
  Span span(boolean forever) {
    return new Span(Math.max(1, sliceToMillis - sliceFromMillis), sliceToMillis, forever);
  }

  /** Whether nothing came since the slice began. */
  boolean isEmpty() {
    return bytes.isEmpty();
  }

  /** Begins the next slice; the pairs of the last one, heaviest first. */
  List<Heavy> endSlice() {
    double packetsPerByte = sliceBytes == 0 ? 0 : (double) slicePackets / (double) sliceBytes;
    List<Heavy> heavy =
        Arrays.stream(bytes.getFrequentItems(ErrorType.NO_FALSE_NEGATIVES))
            .filter(row -> row.getLowerBound() > 0)
            .map(
                row ->
                    new Heavy(
                        row.getItem(),
                        row.getLowerBound(),
                        (double) row.getLowerBound() * packetsPerByte,
                        row.getUpperBound() - row.getLowerBound()))
            .toList();
    bytes = new ItemsSketch<>(itemsMax);
    sliceBytes = 0;
    slicePackets = 0;
    sliceFromMillis = Long.MAX_VALUE;
    sliceToMillis = Long.MIN_VALUE;
    return heavy;
  }

  /** A pair came into the tail with what it had counted. */
  void absorb(DecayingCount count, double constantMs) {
    all.absorb(count, constantMs);
  }

  /** A pair left the tail with what it certainly had. */
  void release(DecayingCount count, double constantMs) {
    all.without(count, constantMs);
  }

  /** All of it together. */
  Rate rate(long nowMillis, double constantMs) {
    return all.rate(nowMillis, constantMs);
  }

  /** One pair of it, since the slice began. */
  Rate rate(AddressPair pair) {
    if (isEmpty()) {
      return Rate.ZERO;
    }
    double perSecond = 1000.0 / (double) span(false).durationMs();
    double certain = (double) bytes.getLowerBound(pair);
    double packetsPerByte = sliceBytes == 0 ? 0 : (double) slicePackets / (double) sliceBytes;
    return new Rate(
        certain * perSecond,
        certain * packetsPerByte * perSecond,
        ((double) bytes.getUpperBound(pair) - certain) * perSecond);
  }

  int size() {
    return bytes.getNumActiveItems();
  }
}
