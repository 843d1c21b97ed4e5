package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names an entry of the record, or all of a row.
 *
 * @param range whose
 * @param row the number of the row
 * @param index which entry of it; empty = all
 */
public record EntryId(RangeId range, long row, OptionalInt index) {
  private static final Pattern TEXT = Pattern.compile("(.+):(\\d{1,18})(?:\\.(\\d{1,9}))?");

  /**
   * Parses {@code RANGE:ROW.INDEX} or {@code RANGE:ROW}.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static EntryId parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no entry: RANGE:ROW.INDEX or RANGE:ROW");
    }
    String index = parts.group(3);
    return new EntryId(
        RangeId.parse(parts.group(1)),
        Long.parseLong(parts.group(2)),
        index == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(index)));
  }

  /** Whether an entry of the row is meant. */
  public boolean names(int entryIndex) {
    return index.isEmpty() || index.getAsInt() == entryIndex;
  }

  @Override
  public String toString() {
    return range + ":" + row + (index.isPresent() ? "." + index.getAsInt() : "");
  }
}
