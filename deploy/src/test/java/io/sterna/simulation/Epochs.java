package io.sterna.simulation;

/** The epoch of one range: linearizable. */
final class Epochs {
  private long latest;
  private boolean released = true;

  record Taken(long epoch, boolean vacant) {}

  Taken acquire() {
    boolean vacant = released;
    released = false;
    return new Taken(++latest, vacant);
  }

  boolean isLatest(long epoch) {
    return epoch == latest;
  }

  boolean release(long epoch) {
    if (epoch == latest) {
      released = true;
    }
    return epoch == latest;
  }
}
