package io.sterna.store.cassandra;

/**
 * From partition to partition of a range that may grow meanwhile. Pages are read ahead: when rows
 * of a partition come, the one before may have got rows since its end was read. It is read again
 * then, from the row after the last one seen; with rows behind it, it gets no more.
 */
final class PartitionWalk {
  /** A partition that somebody emptied must not hide those behind it. */
  private static final int EMPTY_MAX = 2;

  private long partition;
  private long from;
  private long seen;

  /** The first number that was not there when its partition was read to its end; 0 = none. */
  private long open;

  /** The last partition of which rows have come: those before it get no more. */
  private long known = -1;

  private int empty;
  private boolean any;

  /**
   * @param from the first number that is wanted
   */
  PartitionWalk(long from) {
    this.partition = JournalReader.partition(from);
    this.from = from;
    this.seen = from - 1;
  }

  /** What is to be read. */
  long partition() {
    return partition;
  }

  /** From which number on. */
  long from() {
    return from;
  }

  /**
   * Takes a page of the partition that has rows.
   *
   * @return false if the page is not to be used: an earlier partition comes first, to be read from
   *     its first page on
   */
  boolean take(long last) {
    if (open > 0) {
      known = partition;
      partition = JournalReader.partition(open);
      from = open;
      open = 0;
      empty = 0;
      any = false;
      return false;
    }
    any = true;
    seen = Math.max(seen, last);
    return true;
  }

  /**
   * The partition has no more pages.
   *
   * @return whether there is another to read
   */
  boolean next() {
    boolean mayGrow = partition >= known;
    if (mayGrow && open == 0 && seen < (partition + 1) * JournalReader.PARTITION_ROWS) {
      open = seen + 1;
    }
    empty = any ? 0 : empty + 1;
    any = false;
    partition++;
    from = 1;
    return partition <= known || empty < EMPTY_MAX;
  }
}
