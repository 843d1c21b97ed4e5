package io.sterna.bench;

import io.sterna.lab.process.ControllerApi;
import io.sterna.protocol.FeId;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks the controller every 100 ms how far some elements are, until it is closed. */
final class LagWatch implements AutoCloseable {
  static final int POLL_MS = 100;

  private final ControllerApi api;
  private final List<FeId> elements;
  private final Lag lag = new Lag();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "lag-watch");
            made.setDaemon(true);
            return made;
          });

  private LagWatch(ControllerApi api, List<FeId> elements) {
    this.api = api;
    this.elements = List.copyOf(elements);
  }

  static LagWatch start(ControllerApi api, List<FeId> elements) {
    LagWatch watch = new LagWatch(api, elements);
    // It ends with the thread.
    ScheduledFuture<?> unused =
        watch.thread.scheduleAtFixedRate(watch::look, 0, POLL_MS, TimeUnit.MILLISECONDS);
    return watch;
  }

  /** An element that the answer does not name, or no answer at all, counts as not in sync. */
  private void look() {
    Map<FeId, ControllerApi.Progress> progress = api.progress();
    long committed = 0;
    long behind = 0;
    boolean inSync = true;
    for (FeId fe : elements) {
      ControllerApi.@Nullable Progress its = progress.get(fe);
      if (its == null) {
        inSync = false;
      } else {
        committed = Math.max(committed, its.committed());
        behind = Math.max(behind, its.behind());
        inSync &= its.inSync();
      }
    }
    Lag.Sample sample = new Lag.Sample(System.nanoTime(), committed, behind, inSync);
    synchronized (lag) {
      lag.add(sample);
    }
  }

  /** As {@link Lag#most}. */
  long most(long sinceNanos) {
    synchronized (lag) {
      return lag.most(sinceNanos);
    }
  }

  /** As {@link Lag#secondsUntilInSync}. */
  OptionalDouble secondsUntilInSync(long fromNanos) {
    synchronized (lag) {
      return lag.secondsUntilInSync(fromNanos);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
