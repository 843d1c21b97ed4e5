package io.sterna.simulation;

/**
 * A process: it crashes, starts again, stands still. What is under way for it waits while it stands
 * still, and is lost when it crashes. Its monotonic clock goes on in both cases, at its own speed.
 */
final class Machine {
  private final String name;
  private final double clockSpeed;
  private long wallSkewMillis;
  private int life;
  private boolean up = true;
  private long pausedUntil;

  Machine(String name, double clockSpeed) {
    this.name = name;
    this.clockSpeed = clockSpeed;
  }

  /** Where things happen that never fail. */
  static Machine outside() {
    return new Machine("world", 1);
  }

  int life() {
    return life;
  }

  boolean isUp() {
    return up;
  }

  long pausedUntil() {
    return pausedUntil;
  }

  void crash() {
    up = false;
    life++;
    pausedUntil = 0;
  }

  void start() {
    up = true;
  }

  void pause(long until) {
    pausedUntil = Math.max(pausedUntil, until);
  }

  void resume() {
    pausedUntil = 0;
  }

  void jumpWallClock(long byMillis) {
    wallSkewMillis += byMillis;
  }

  /** The monotonic clock. */
  long nanoTime(long now) {
    return (long) (now * clockSpeed);
  }

  /** How long a timer of so many nanoseconds of this machine's clock takes. */
  long timer(long nanos) {
    return (long) (nanos / clockSpeed);
  }

  long wallMillis(long now) {
    return 1_700_000_000_000L + now / 1_000_000 + wallSkewMillis;
  }

  @Override
  public String toString() {
    return name;
  }
}
