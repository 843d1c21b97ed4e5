package io.sterna.lab.probe;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Notes when the forwarding elements installed a route for an address: fed by an observer that is
 * no part of them. Thread-safe.
 */
public final class RouteWatch {
  private record Key(FeId fe, IpAddress address) {}

  private final List<FeId> elements;
  private final Map<Key, Long> firstNanos = new HashMap<>();

  /** A watch over these forwarding elements. */
  public RouteWatch(List<FeId> elements) {
    this.elements = List.copyOf(elements);
  }

  /** Forgets what was installed so far: the next install of each address counts as its first. */
  public synchronized void restart() {
    firstNanos.clear();
  }

  /** Notes that an element had this route at this time, by {@link System#nanoTime()}. */
  public synchronized void installed(FeId fe, IpAddress address, long nanos) {
    firstNanos.putIfAbsent(new Key(fe, address), nanos);
    notifyAll();
  }

  /**
   * Waits until every element has installed every address since the last {@link #restart}.
   *
   * @return when the last of them did, or empty at the deadline
   */
  public synchronized OptionalLong awaitAll(List<IpAddress> addresses, long deadlineNanos)
      throws InterruptedException {
    while (true) {
      OptionalLong last = last(addresses);
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
      if (last.isPresent() || leftMs <= 0) {
        return last;
      }
      wait(leftMs);
    }
  }

  private OptionalLong last(List<IpAddress> addresses) {
    OptionalLong last = OptionalLong.empty();
    for (FeId fe : elements) {
      for (IpAddress address : addresses) {
        Long nanos = firstNanos.get(new Key(fe, address));
        if (nanos == null) {
          return OptionalLong.empty();
        }
        if (last.isEmpty() || nanos - last.getAsLong() > 0) {
          last = OptionalLong.of(nanos);
        }
      }
    }
    return last;
  }
}
