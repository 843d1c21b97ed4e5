package io.sterna.bench.peers;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the changes that one receiver has, by what it heard last of each address. One thread
 * writes, others read.
 */
public final class Tally {
  private static final int NOWHERE = 0;

  private final AddressPlan plan;
  private final int step;
  private final int[] nextHops;
  private final long[] heardNanos;
  private final AtomicLong heard = new AtomicLong();

  /**
   * @param step it is told of each so many-th address only, beginning with the first
   */
  public Tally(AddressPlan plan, int step) {
    this.plan = plan;
    this.step = step;
    this.nextHops = new int[plan.vms()];
    this.heardNanos = new long[plan.vms()];
    Arrays.fill(nextHops, NOWHERE);
  }

  /** An address is at this next hop, any number but 0; what is no news does not count. */
  public void heard(int host, int nextHop, long nanos) {
    int index = plan.indexOfHost(host);
    if (index < 0 || index >= nextHops.length || nextHops[index] == nextHop) {
      return;
    }
    nextHops[index] = nextHop;
    heardNanos[index] = nanos;
    heard.lazySet(heard.get() + 1);
  }

  /** Changes that the receiver has, so far as those that it is told of stand for all. */
  public long changes() {
    return heard.get() * step;
  }

  /** Whether it has all changes before this one, and no address changed otherwise. */
  public boolean hasAllBefore(long change) {
    long laps = change / plan.vms();
    long rest = change % plan.vms();
    return heard.get() == laps * told(plan.vms()) + told(rest);
  }

  private long told(long addresses) {
    return (addresses + step - 1) / step;
  }

  /** When an address was last heard at another place than before. */
  public long heardNanos(int index) {
    return heardNanos[index];
  }

  /** The last next hop of an address; 0 if there was none. */
  public int nextHop(int index) {
    return nextHops[index];
  }
}
