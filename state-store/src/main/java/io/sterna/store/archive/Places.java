package io.sterna.store.archive;

import io.sterna.store.audit.StoredRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Rows, those of one number together; ends where it is told to. Not thread-safe. */
public final class Places implements Iterator<Places.Place> {
  private final Iterator<StoredRow> rows;
  private final long last;
  private @Nullable StoredRow next;
  private boolean ended;

  /**
   * What stands at a number.
   *
   * @param rows at least one; more where owners overlapped
   */
  public record Place(long number, List<StoredRow> rows) {
    /** A copy that cannot be changed. */
    public Place {
      rows = List.copyOf(rows);
    }

    /** Whether a row is here, byte for byte. */
    public boolean has(StoredRow row) {
      return rows.stream().anyMatch(each -> same(each, row));
    }
  }

  /**
   * @param rows ascending by number
   * @param last the last number that is wanted
   */
  public Places(Iterator<StoredRow> rows, long last) {
    this.rows = rows;
    this.last = last;
  }

  /** Whether two rows are the same, byte for byte. */
  public static boolean same(StoredRow one, StoredRow other) {
    return one.number() == other.number()
        && one.format().equals(other.format())
        && Arrays.equals(one.bytes(), other.bytes());
  }

  @Override
  public boolean hasNext() {
    if (next == null && !ended) {
      next = rows.hasNext() ? rows.next() : null;
      if (next == null || next.number() > last) {
        ended = true;
        next = null;
      }
    }
    return next != null;
  }

  @Override
  public Place next() {
    StoredRow first = hasNext() ? next : null;
    if (first == null) {
      throw new NoSuchElementException();
    }
    List<StoredRow> here = new ArrayList<>();
    here.add(first);
    next = null;
    while (hasNext() && next != null && next.number() == first.number()) {
      here.add(next);
      next = null;
    }
    return new Place(first.number(), here);
  }
}
