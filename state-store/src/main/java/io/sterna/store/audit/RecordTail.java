package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the rows of a range that count while its owners write them. Not thread-safe.
 *
 * <p>A row that is read at the end of a journal need not count: an owner that was paused or cut off
 * may have written it after its successor had read, and the successor's own row is still on its
 * way. What makes a row sure is the epoch: whoever takes a later one reads the journal after that.
 * So rows are read first and the range's latest epoch is asked for then. If it is the epoch of what
 * was read, every later owner finds these rows and goes on from them. If it is a later one, the
 * rows wait for the first row of that epoch and are read again, since it may stand at the same
 * place as they do. Rows {@value Lineage#OPEN_PLACES_MAX} places back wait for nothing, as in
 * {@link Lineage}.
 */
public final class RecordTail {
  /**
   * A page must have more rows than this, or nothing of an earlier epoch would ever be sure; so
   * many are read before the first that is wanted.
   */
  public static final int DOUBTFUL_MAX = Lineage.OPEN_PLACES_MAX;

  /** What an owner writes after its successor has read are so many rows at most. */
  private static final int TAKEN_BACK_MAX = 4;

  /**
   * Two replicas that are read a moment apart may show a row without the one before it. What is
   * still so when it is read again and again is so.
   */
  private static final int REFUSALS_MAX = 3;

  private final RangeId range;
  private final Owners owners;
  private boolean skipping;
  private long given;
  private long confirmed;
  private @Nullable RangeEvent last;
  private @Nullable String owner;
  private long atEpochMillis;
  private int refusals;

  /** Says who wrote a row, should its epoch have begun before the part that is read. */
  @FunctionalInterface
  public interface Owners {
    /** The controller that began an epoch, empty if nobody knows; asked at most once. */
    String of(long epoch);
  }

  /** Who took the newest epoch of a range. */
  public record Latest(long epoch, String controller) {}

  private RecordTail(RangeId range, long given, long confirmed, boolean skipping, Owners owners) {
    this.range = range;
    this.owners = owners;
    this.skipping = skipping;
    this.given = given;
    this.confirmed = confirmed;
  }

  /**
   * What comes after a row that was given already.
   *
   * @param after its number; 0 = from the beginning
   */
  public static RecordTail after(RangeId range, long after, Owners owners) {
    return new RecordTail(range, after, Math.max(0, after - DOUBTFUL_MAX), false, owners);
  }

  /**
   * What is not sure yet when it is first looked at, and all that follows.
   *
   * @param newest the highest number there is; 0 = none
   */
  public static RecordTail fromNow(RangeId range, long newest, Owners owners) {
    long before = Math.max(0, newest - DOUBTFUL_MAX);
    return new RecordTail(range, Math.max(0, newest - TAKEN_BACK_MAX), before, true, owners);
  }

  /** The range. */
  public RangeId range() {
    return range;
  }

  /** The number of the first row to be read next; it may be one that was read before. */
  public long readFrom() {
    return confirmed + 1;
  }

  /** The newest row that was given: a tail after this one goes on where this one is. */
  public long given() {
    return given;
  }

  /**
   * Takes rows and says which are sure, each once.
   *
   * @param rows from {@link #readFrom} on, without a gap; those of one number in any order
   * @param latest of the range, asked for after the rows were read
   * @throws BrokenRecordException if nothing is sure and never will be: a row was changed, is
   *     missing or does not fit
   */
  public List<Recorded> add(List<StoredRow> rows, Latest latest) {
    Read read = read(rows);
    List<Placed> sure = read.sure(latest.epoch());
    refusals = sure.isEmpty() && read.isBroken(latest.epoch()) ? refusals + 1 : 0;
    if (refusals == REFUSALS_MAX) {
      throw read.broken();
    }
    List<Recorded> wanted = new ArrayList<>();
    for (Placed each : sure) {
      confirm(each, latest);
      if (each.number() > given) {
        given = each.number();
        if (!skipping) {
          String who = owner == null ? "" : owner;
          wanted.add(new Recorded(range, each.number(), each.row(), atEpochMillis, who));
        }
      }
    }
    skipping = false;
    return wanted;
  }

  private void confirm(Placed placed, Latest latest) {
    RangeEvent row = placed.row();
    if (row instanceof RangeActivated activated) {
      if (!activated.range().equals(range)) {
        throw new BrokenRecordException(
            range, placed.number(), "it is a row of range " + activated.range());
      }
      owner = activated.controller().value();
    } else if (owner == null && placed.number() > given) {
      boolean newest = row.epoch() == latest.epoch();
      owner = newest ? latest.controller() : owners.of(row.epoch());
    }
    atEpochMillis = Math.max(atEpochMillis, row.atEpochMillis());
    last = row;
    confirmed = placed.number();
  }

  private Read read(List<StoredRow> rows) {
    Read read = new Read();
    for (StoredRow stored : rows) {
      try {
        read.add(new Placed(stored.number(), stored.open()));
      } catch (MalformedRecordException e) {
        read.unreadable = stored.number();
        read.reason = String.valueOf(e.getMessage());
        break;
      }
    }
    return read;
  }

  /** What one reading found behind the last sure row. */
  private final class Read {
    private final Map<ChainHash, Placed> joined = new LinkedHashMap<>();
    private long first;
    private long end;
    private long stray;
    private long strayEpoch;
    private long unreadable;
    private String reason = "";

    void add(Placed next) {
      first = first == 0 ? next.number() : first;
      end = next.number();
      ChainHash previous = next.row().previousHash();
      boolean root =
          last == null
              ? next.number() == first && mayBegin(previous)
              : previous.equals(last.hash());
      if (root || joined.containsKey(previous)) {
        joined.put(next.row().hash(), next);
      } else if (stray == 0 || next.row().epoch() > strayEpoch) {
        stray = next.number();
        strayEpoch = next.row().epoch();
      }
    }

    /** What comes before the first row that is read is believed; there is nothing before row 1. */
    private boolean mayBegin(ChainHash previous) {
      return readFrom() > 1 || previous.equals(ChainHash.GENESIS);
    }

    List<Placed> sure(long latestEpoch) {
      List<Placed> path = path();
      if (path.isEmpty() || path.get(path.size() - 1).row().epoch() == latestEpoch) {
        return path;
      }
      return path.stream().filter(each -> each.number() <= end - DOUBTFUL_MAX).toList();
    }

    /** To the newest row of the highest epoch. */
    private List<Placed> path() {
      @Nullable Placed newest = null;
      for (Placed each : joined.values()) {
        if (newest == null || each.row().epoch() >= newest.row().epoch()) {
          newest = each;
        }
      }
      Deque<Placed> path = new ArrayDeque<>();
      for (Placed at = newest; at != null; at = joined.get(at.row().previousHash())) {
        path.addFirst(at);
      }
      return List.copyOf(path);
    }

    /** A late row may be joined to nothing, but not one of the newest epoch, or from long ago. */
    boolean isBroken(long latestEpoch) {
      List<Placed> path = path();
      long before = last == null ? 0 : last.epoch();
      long epoch = path.isEmpty() ? before : path.get(path.size() - 1).row().epoch();
      boolean never = strayEpoch >= latestEpoch || stray <= end - DOUBTFUL_MAX;
      return unreadable > 0 || (stray > 0 && strayEpoch >= epoch && never);
    }

    BrokenRecordException broken() {
      return stray > 0
          ? new BrokenRecordException(
              range, stray, "row " + stray + " follows no row that is there")
          : new BrokenRecordException(range, unreadable, reason);
    }
  }
}
