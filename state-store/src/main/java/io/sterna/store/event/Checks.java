package io.sterna.store.event;

/** What the values of a row have in common. */
final class Checks {
  private Checks() {}

  static void atLeast(long least, long value, String what) {
    if (value < least) {
      throw new IllegalArgumentException(what + " " + value + " is below " + least);
    }
  }
}
