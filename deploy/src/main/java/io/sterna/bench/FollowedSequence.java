package io.sterna.bench;

import io.sterna.protocol.RangeId;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the entries of a log that is followed without a filter come once each, and all of them:
 * rows of a range, entries of a row and revisions each follow on one another. Not thread-safe.
 */
final class FollowedSequence {
  private static final Pattern ENTRY =
      Pattern.compile("\"id\":\"([^\"]+):(\\d+)\\.(\\d+)\".*?\"revision\":(\\d+)");

  private final Map<String, Position> ranges = new TreeMap<>();
  private long entries;
  private long twice;
  private long missed;

  private record Position(long row, int index, long revision) {}

  /**
   * Takes the next entry.
   *
   * @throws IllegalArgumentException if the line is none
   */
  void add(String line) {
    Matcher parts = ENTRY.matcher(line);
    if (!parts.find()) {
      throw new IllegalArgumentException("'" + line + "' is no entry");
    }
    String range = parts.group(1);
    long revision = Long.parseLong(parts.group(4));
    Position next =
        new Position(Long.parseLong(parts.group(2)), Integer.parseInt(parts.group(3)), revision);
    Position last = ranges.get(range);
    entries++;
    if (last != null && isAfter(last, next)) {
      twice++;
      return;
    }
    if (last != null) {
      boolean follows =
          next.row == last.row
              ? next.index == last.index + 1
              : next.row == last.row + 1 && next.index == 0;
      boolean counts = revision == 0 || last.revision == 0 || revision == last.revision + 1;
      missed += follows && counts ? 0 : 1;
    }
    long newest = revision == 0 && last != null ? last.revision : revision;
    ranges.put(range, new Position(next.row, next.index, newest));
  }

  private static boolean isAfter(Position last, Position next) {
    return last.row > next.row || (last.row == next.row && last.index >= next.index);
  }

  /** Entries that came, also those that came before. */
  long entries() {
    return entries;
  }

  /** Entries that had come before. */
  long twice() {
    return twice;
  }

  /** Places at which something is missing. */
  long missed() {
    return missed;
  }

  /** The newest revision of a range that came; 0 = none. */
  long revision(RangeId range) {
    Position last = ranges.get(range.toString());
    return last == null ? 0 : last.revision;
  }
}
