package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.kernel.RouteMonitor;
import io.sterna.lab.kernel.RouteSample;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * Counts from outside what real elements write into their kernel tables. An element that is behind
 * writes only the latest of an address: what is less than the changes was overtaken, or written
 * after the time that is asked for.
 */
final class WrittenRoutes implements AutoCloseable {
  /** One in 64 addresses is watched: the watch must not take what it measures. */
  private static final RouteSample SAMPLE = RouteSample.everywhere(64);

  private final List<RouteMonitor> monitors = new ArrayList<>();
  private final List<Moments> moments = new ArrayList<>();

  /** When something happened; one thread adds, others ask. */
  private static final class Moments {
    private long[] nanos = new long[1 << 16];
    private int count;

    synchronized void add(long at) {
      if (count == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * count);
      }
      nanos[count++] = at;
    }

    synchronized long within(long from, long until) {
      return Arrays.stream(nanos, 0, count).filter(at -> at - from >= 0 && at - until < 0).count();
    }
  }

  private WrittenRoutes() {}

  /** Begins to watch the tables of these elements. */
  static WrittenRoutes watch(List<RealAgent> agents) throws LabException {
    WrittenRoutes all = new WrittenRoutes();
    try {
      for (RealAgent agent : agents) {
        Moments its = new Moments();
        all.moments.add(its);
        all.monitors.add(
            RouteMonitor.open(
                agent.site().namespace(), SAMPLE, (address, nanos) -> its.add(nanos)));
      }
      return all;
    } catch (IOException e) {
      all.close();
      throw new LabException("cannot watch a kernel table: " + e.getMessage(), e);
    }
  }

  /**
   * Routes a second of the element that wrote the fewest in a time, so far as those that are
   * watched stand for all; empty if none of them is watched.
   *
   * @param all the addresses that have routes
   * @throws LabException if a table was not watched all the time
   */
  OptionalDouble perSecond(Collection<IpAddress> all, long fromNanos, long untilNanos)
      throws LabException {
    if (!monitors.stream().allMatch(RouteMonitor::listening)) {
      throw new LabException("a kernel table is not watched any more: see standard error");
    }
    long fewest =
        moments.stream().mapToLong(each -> each.within(fromNanos, untilNanos)).min().orElseThrow();
    long watched = all.stream().filter(SAMPLE::holds).count();
    if (watched == 0) {
      return OptionalDouble.empty();
    }
    double seconds = (double) (untilNanos - fromNanos) / TimeUnit.SECONDS.toNanos(1);
    return OptionalDouble.of((double) fewest * all.size() / watched / seconds);
  }

  @Override
  public void close() {
    monitors.forEach(RouteMonitor::close);
  }
}
