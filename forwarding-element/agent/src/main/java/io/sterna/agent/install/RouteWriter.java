package io.sterna.agent.install;

import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.Outcome.Failure;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangePosition;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes the forwarding table. Other threads submit changes and never wait for
 * the table; the table is never called under the lock.
 *
 * <p>The routes that stand at the start are left alone until {@link #sweep}; the table is left as
 * it is at the end: forwarding never stops because the agent does.
 */
public final class RouteWriter implements AutoCloseable {
  /** Told by the writer's thread about what it did; never blocks. */
  public interface Listener {
    /** Everything up to these positions is installed; the latest of each range. */
    void installed(List<RangePosition> positions);

    /** The route of this address leads into a tunnel now, and what waited for it was sent on. */
    void movedAway(IpAddress address);

    /**
     * The writer ended by what nobody foresaw: the table stays as it is until it is started anew.
     */
    void died();
  }

  /**
   * What the writer has to do still.
   *
   * @param installed how far each range is installed
   * @param pending changes that are not installed, the refused included
   * @param refused changes that the table refused and that are tried again
   * @param reconciled whether the routes of the start are known
   */
  public record Backlog(
      List<RangePosition> installed, int pending, int refused, boolean reconciled) {}

  private record Work(
      List<IpAddress> movedAway, List<RangePosition> installed, List<RouteChange> batch) {
    boolean isSome() {
      return !(movedAway.isEmpty() && installed.isEmpty() && batch.isEmpty());
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(RouteWriter.class);

  private final ForwardingTable table;
  private final Listener listener;
  private final WriterSettings settings;
  private final LongSupplier nanoTime;
  private final RouteSchedule schedule;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean closed;

  private RouteWriter(
      ForwardingTable table, Listener listener, WriterSettings settings, LongSupplier nanoTime) {
    this.table = table;
    this.listener = listener;
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.schedule = new RouteSchedule(settings);
    this.thread = new Thread(this::run, "sterna-route-writer");
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((dead, e) -> died(e));
  }

  /**
   * Starts the thread, which reads the table first.
   *
   * @param nanoTime a clock that does not go back
   */
  public static RouteWriter start(
      ForwardingTable table, Listener listener, WriterSettings settings, LongSupplier nanoTime) {
    RouteWriter writer = new RouteWriter(table, listener, settings, nanoTime);
    writer.thread.start();
    return writer;
  }

  /** Installs the changes that lead to a position. */
  public void submit(RangePosition position, List<RouteChange> changes, Lane lane) {
    locked(() -> schedule.submit(position, changes, lane));
  }

  /** Installs changes that belong to no position. */
  public void submit(List<RouteChange> changes, Lane lane) {
    locked(() -> schedule.submit(changes, lane));
  }

  /**
   * Delivers to a VM what other elements send here, until the next change of its address is
   * installed.
   */
  public void stage(IpAddress address, MacAddress mac) {
    locked(() -> schedule.stage(address, mac));
  }

  /** Takes back what was staged for an address. */
  public void unstage(IpAddress address) {
    locked(() -> schedule.unstage(address));
  }

  /**
   * Removes the routes that stood at the start and that no change was submitted for.
   *
   * @param keep addresses to leave alone nevertheless
   */
  public void sweep(Set<IpAddress> keep) {
    locked(() -> schedule.sweep(keep));
  }

  /** Whether a route of an earlier run into a tunnel stands, about which nothing was said yet. */
  public boolean isLeftoverTunnel(IpAddress address) {
    lock.lock();
    try {
      return schedule.isLeftoverTunnel(address);
    } finally {
      lock.unlock();
    }
  }

  /** What there is to do still. */
  public Backlog backlog() {
    lock.lock();
    try {
      return new Backlog(
          schedule.installed(),
          schedule.pendingCount(),
          schedule.refusedCount(),
          schedule.isReconciled());
    } finally {
      lock.unlock();
    }
  }

  /** Stops after the batch that is being written. Routes stay. */
  @Override
  public void close() {
    locked(() -> closed = true);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      Work work = reconcile() ? awaitWork() : null;
      while (work != null) {
        if (!work.movedAway().isEmpty()) {
          release(work.movedAway());
        }
        if (!work.installed().isEmpty()) {
          listener.installed(work.installed());
        }
        if (!work.batch().isEmpty()) {
          write(work.batch());
        }
        work = awaitWork();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * An element that goes on claiming over a table that nobody writes is worse than one that starts
   * again: what it holds in memory may be half of a change.
   */
  private void died(Throwable e) {
    LOG.error("nobody writes the forwarding table any more", e);
    listener.died();
  }

  /** Reads the table, however often it takes; nothing is written before. False if closed. */
  private boolean reconcile() throws InterruptedException {
    int failures = 0;
    while (true) {
      try {
        List<Route> standing = table.dump();
        LOG.info("found {} routes of an earlier run", standing.size());
        locked(() -> schedule.found(standing));
        return true;
      } catch (IOException | RuntimeException e) {
        failures++;
        if (failures == 1) {
          LOG.warn("cannot read the forwarding table, trying again: {}", e.toString());
        }
        if (closedWithin(settings.retryNanos(failures))) {
          return false;
        }
      }
    }
  }

  private boolean closedWithin(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something to tell or to write; null if closed. */
  private @Nullable Work awaitWork() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long now = nanoTime.getAsLong();
        // The routes of a move that is under way do not wait for what follows from another.
        Work work =
            schedule.urgentFirst(now)
                ? new Work(List.of(), List.of(), schedule.next(now))
                : new Work(
                    schedule.drainMovedAway(now), schedule.drainInstalled(), schedule.next(now));
        if (work.isSome()) {
          return work;
        }
        // A signal may come earlier than the due time: the loop looks again.
        changed.awaitNanos(untilNanos(schedule.dueNanos()));
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private long untilNanos(long dueNanos) {
    return dueNanos == Long.MAX_VALUE ? dueNanos : Math.max(dueNanos - nanoTime.getAsLong(), 1);
  }

  private void write(List<RouteChange> batch) {
    try {
      Outcome outcome = table.apply(batch);
      locked(() -> report(schedule.written(outcome, nanoTime.getAsLong())));
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot write {} routes, trying again: {}", batch.size(), e.toString());
      locked(() -> schedule.unreachable(nanoTime.getAsLong()));
    }
  }

  private void release(List<IpAddress> departed) {
    try {
      table.release(departed);
      departed.forEach(listener::movedAway);
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot release packets of {} VMs, trying again: {}", departed.size(), e.toString());
      locked(() -> schedule.notReleased(departed, nanoTime.getAsLong()));
    }
  }

  private static void report(List<Failure> failures) {
    for (Failure failure : failures) {
      LOG.warn("route of {} refused, trying again: {}", failure.address(), failure.reason());
    }
  }
}
