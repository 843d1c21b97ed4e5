package io.sterna.loadgen.table;

/** What a table holds of a VM, in a long: the version of its binding, and below it the holder. */
final class Bound {
  private static final long HOLDER = 0xffff_ffffL;

  /** Never bound. */
  static final long NEVER = of(0, FeTable.NOWHERE);

  private Bound() {}

  static long of(int version, int holder) {
    return (long) version << Integer.SIZE | (holder & HOLDER);
  }

  static int version(long bound) {
    return (int) (bound >>> Integer.SIZE);
  }

  static int holder(long bound) {
    return (int) bound;
  }
}
