package io.sterna.store.archive;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.archive.Places.Place;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the rows of a range into stretches for files. A stretch ends only where one row stands alone
 * at its place and one row alone follows it: no row beside them that some later row could still
 * decide about. Reads no more than it is given, and keeps what a stretch is, not its rows. Not
 * thread-safe.
 */
public final class StretchCutter {
  private final RangeId range;
  private final Limits limits;
  private final long lastMax;
  private final long beforeMillis;
  private final List<Stretch> stretches = new ArrayList<>();
  private ChainHash previous;
  private long first;
  private long rows;
  private long bytes;
  private long cutBytes;
  private long atEpochMillis;
  private boolean ended;
  private @Nullable Stretch candidate;
  private long candidateBytes;

  /** The only row of the newest place; null if there are several, or it cannot be read. */
  private @Nullable RangeEvent alone;

  /**
   * How large files are.
   *
   * @param numbers after so many numbers a file ends
   * @param bytes or after so many bytes of rows
   * @param numbersLeast a file of fewer numbers is not worth it; they wait for the next time
   */
  public record Limits(long numbers, long bytes, long numbersLeast) {
    /** For use: a file is read in well under a second. */
    public static final Limits STANDARD = new Limits(10_000, 16 << 20, 500);
  }

  /**
   * @param after the last number that is archived; 0 = none
   * @param previous its hash
   * @param lastMax the last number that may be archived
   * @param beforeMillis only rows older than this are
   */
  public StretchCutter(
      RangeId range,
      Limits limits,
      long after,
      ChainHash previous,
      long lastMax,
      long beforeMillis) {
    this.range = range;
    this.limits = limits;
    this.first = after + 1;
    this.previous = previous;
    this.lastMax = lastMax;
    this.beforeMillis = beforeMillis;
  }

  /** Takes what stands at the next number. */
  public void add(Place place) {
    if (ended) {
      return;
    }
    RangeEvent row = alone(place);
    if (alone != null && row != null && row.previousHash().equals(alone.hash())) {
      boundary(place.number() - 1, alone);
    }
    alone = row;
    for (StoredRow each : place.rows()) {
      rows++;
      bytes += each.bytes().length;
    }
    if (row != null) {
      atEpochMillis = Math.max(atEpochMillis, row.atEpochMillis());
    }
    ended = place.number() > lastMax || atEpochMillis >= beforeMillis;
  }

  private void boundary(long number, RangeEvent row) {
    candidate = new Stretch(range, first, number, rows, previous, row.hash());
    candidateBytes = bytes;
    if (number - first + 1 >= limits.numbers() || bytes >= limits.bytes()) {
      cut(candidate);
    }
  }

  private void cut(Stretch stretch) {
    stretches.add(stretch);
    cutBytes += candidateBytes;
    first = stretch.last() + 1;
    previous = stretch.hash();
    rows = 0;
    bytes = 0;
    candidate = null;
  }

  private static @Nullable RangeEvent alone(Place place) {
    if (place.rows().size() > 1) {
      return null;
    }
    try {
      return place.rows().get(0).open();
    } catch (MalformedRecordException e) {
      return null;
    }
  }

  /** What may be archived, in order. No more may be added. */
  public List<Stretch> end() {
    Stretch rest = candidate;
    if (rest != null && rest.last() - rest.first() + 1 >= limits.numbersLeast()) {
      cut(rest);
    }
    ended = true;
    return List.copyOf(stretches);
  }

  /** How many bytes the rows of these have. */
  public long cutBytes() {
    return cutBytes;
  }
}
