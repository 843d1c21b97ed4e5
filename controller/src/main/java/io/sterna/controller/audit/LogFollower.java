package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.RecordTail;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.StoredRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One reader's way through the log while it is written: asks each range for what is new, those with
 * news more often than those without. Each call reads a bounded part, and none is read that nobody
 * asked for. Blocks while Cassandra answers: for threads that may wait. Not thread-safe.
 */
public final class LogFollower {
  /** Rows of a range at a time; must exceed what may stay in doubt. */
  static final int PAGE_ROWS = 2 * RecordTail.DOUBTFUL_MAX;

  /** Ranges that are asked at a time, unless their rows are large. */
  private static final int GROUP = 4;

  private static final long LARGE_ROW_BYTES = 4 << 10;

  /** A call ends when so many bytes were read: some thousand entries. */
  private static final long PART_BYTES = 128 << 10;

  private static final long NEWS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** With many ranges idle ones are asked less often: 250 questions a second at most. */
  private static final long IDLE_NANOS_A_RANGE = TimeUnit.MILLISECONDS.toNanos(4);

  private final FollowedJournal journal;
  private final List<RangeId> ranges;
  private final List<Followed> tails = new ArrayList<>();
  private final Map<RangeId, Long> delivered = new TreeMap<>();
  private final long idleNanos;
  private long rowBytes;
  private int turn;

  /** A range and when it is asked again. */
  private static final class Followed {
    private final RecordTail tail;
    private long dueNanos;
    private long pauseNanos = NEWS_NANOS;

    Followed(RecordTail tail, long nowNanos) {
      this.tail = tail;
      this.dueNanos = nowNanos;
    }
  }

  private LogFollower(FollowedJournal journal, List<RangeId> ranges) {
    this.journal = journal;
    this.ranges = List.copyOf(ranges);
    this.idleNanos = Math.max(IDLE_NANOS, ranges.size() * IDLE_NANOS_A_RANGE);
  }

  /**
   * Begins: after a cursor; or from the filter's first moment on; or with what comes now.
   *
   * @throws IllegalArgumentException if the cursor is none of these ranges
   */
  public static LogFollower begin(
      FollowedJournal journal,
      List<RangeId> ranges,
      AuditFilter filter,
      Optional<String> cursor,
      long nowNanos) {
    LogFollower follower = new LogFollower(journal, ranges);
    Optional<List<Long>> given = cursor.map(text -> FollowCursor.parse(text, ranges));
    for (int i = 0; i < ranges.size(); i++) {
      RangeId range = ranges.get(i);
      RecordTail.Owners owners = epoch -> journal.owner(range, epoch);
      RecordTail tail;
      if (given.isPresent()) {
        tail = RecordTail.after(range, given.get().get(i), owners);
      } else if (filter.fromMillis() != Long.MIN_VALUE) {
        tail = RecordTail.after(range, journal.before(range, filter.fromMillis()), owners);
      } else {
        tail = RecordTail.fromNow(range, journal.newest(range), owners);
      }
      follower.tails.add(new Followed(tail, nowNanos));
    }
    if (cursor.isEmpty() && filter.fromMillis() == Long.MIN_VALUE) {
      // What there is now is passed over, all of it before anything is given.
      while (follower.dueNanos() <= nowNanos) {
        follower.read(nowNanos);
      }
    }
    follower.tails.forEach(each -> follower.delivered.put(each.tail.range(), each.tail.given()));
    return follower;
  }

  /** Checks a cursor before anything is read. */
  public static void check(Optional<String> cursor, List<RangeId> ranges) {
    cursor.ifPresent(text -> FollowCursor.parse(text, ranges));
  }

  /** The reader has a row, and all before it. */
  public void delivered(Recorded row) {
    delivered.put(row.range(), row.number());
  }

  /** Where to go on after what was delivered. */
  public String cursor() {
    return FollowCursor.text(
        ranges, ranges.stream().map(range -> delivered.getOrDefault(range, 0L)).toList());
  }

  /** When there is something to ask again. */
  public long dueNanos() {
    long due = Long.MAX_VALUE;
    for (Followed each : tails) {
      due = Math.min(due, each.dueNanos);
    }
    return due;
  }

  /**
   * Reads on; rows of one range in order, each once. Nothing is a good answer.
   *
   * @throws io.sterna.store.audit.BrokenRecordException if a range cannot be read on
   */
  public List<Recorded> read(long nowNanos) {
    Map<Followed, List<StoredRow>> found = new LinkedHashMap<>();
    long bytes = 0;
    List<Followed> due = due(nowNanos);
    int size = rowBytes > LARGE_ROW_BYTES ? 1 : GROUP;
    for (int i = 0; i < due.size() && bytes < PART_BYTES; i += size) {
      List<Followed> group = due.subList(i, Math.min(due.size(), i + size));
      Map<RangeId, Long> from = new LinkedHashMap<>();
      group.forEach(each -> from.put(each.tail.range(), each.tail.readFrom()));
      Map<RangeId, List<StoredRow>> rows = journal.next(from, PAGE_ROWS);
      for (Followed each : group) {
        List<StoredRow> its = rows.getOrDefault(each.tail.range(), List.of());
        found.put(each, its);
        for (StoredRow row : its) {
          bytes += row.bytes().length;
          rowBytes = (7 * rowBytes + row.bytes().length) / 8;
        }
      }
    }
    turn = (turn + found.size()) % Math.max(1, tails.size());
    return found.isEmpty() ? List.of() : sure(found, nowNanos);
  }

  /** Those that are due, beginning behind those that were asked last. */
  private List<Followed> due(long nowNanos) {
    List<Followed> due = new ArrayList<>();
    for (int i = 0; i < tails.size(); i++) {
      Followed each = tails.get((turn + i) % tails.size());
      if (each.dueNanos <= nowNanos) {
        due.add(each);
      }
    }
    return due;
  }

  private List<Recorded> sure(Map<Followed, List<StoredRow>> found, long nowNanos) {
    // An epoch that is asked for before all rows were read would prove nothing.
    boolean anything = found.values().stream().anyMatch(rows -> !rows.isEmpty());
    Map<RangeId, RecordTail.Latest> latest = anything ? journal.latest() : Map.of();
    List<Recorded> sure = new ArrayList<>();
    found.forEach(
        (each, rows) -> {
          RecordTail.Latest its = latest.get(each.tail.range());
          if (its == null && !rows.isEmpty()) {
            // Nobody owned the range when it was asked for: nothing that was read can be sure.
            its = new RecordTail.Latest(Long.MAX_VALUE, "");
          }
          List<Recorded> rest = its == null ? List.of() : each.tail.add(rows, its);
          sure.addAll(rest);
          each.pauseNanos = rows.isEmpty() ? Math.min(idleNanos, 2 * each.pauseNanos) : NEWS_NANOS;
          boolean more = rows.size() >= PAGE_ROWS && !rest.isEmpty();
          each.dueNanos = more ? nowNanos : nowNanos + each.pauseNanos;
        });
    return sure;
  }
}
