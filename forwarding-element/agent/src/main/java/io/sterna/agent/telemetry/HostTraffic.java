package io.sterna.agent.telemetry;

import io.sterna.linux.NetworkNamespace;
import io.sterna.monitoring.collect.DomainZero;
import io.sterna.monitoring.flow.FlowListener;
import io.sterna.monitoring.kernel.PairCounters;
import io.sterna.monitoring.kernel.PortWatch;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.monitoring.report.PrefixClusters;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this host's kernel counts at the bridge, and what switches export. Either may be missing: a
 * host that cannot count forwards all the same.
 */
public final class HostTraffic implements TrafficSource {
  private static final Logger LOG = LoggerFactory.getLogger(HostTraffic.class);

  private final TelemetrySettings settings;
  private final @Nullable PairCounters counters;
  private @Nullable PortWatch watch;
  private @Nullable FlowListener exports;
  private boolean refused;
  private Set<IpPrefix> mobile = Set.of();
  private PrefixClusters clusters = new PrefixClusters(Set.of(), 1);
  private long rotatedNanos = System.nanoTime();

  private HostTraffic(TelemetrySettings settings, @Nullable PairCounters counters) {
    this.settings = settings;
    this.counters = counters;
  }

  /** Begins to count; empty, and a warning, if nothing can be counted here. */
  public static Optional<TrafficSource> open(TelemetrySettings settings) {
    if (!settings.enabled()) {
      return Optional.empty();
    }
    PairCounters counters = counters(settings);
    return counters == null && settings.exporters().isEmpty()
        ? Optional.empty()
        : Optional.of(new HostTraffic(settings, counters));
  }

  private static @Nullable PairCounters counters(TelemetrySettings settings) {
    try {
      return PairCounters.open(
          NetworkNamespace.named(settings.networkNamespace()),
          settings.counters(),
          System.nanoTime());
    } catch (IOException e) {
      LOG.warn(
          "traffic at bridge {} is not counted, all else works: {} (counting takes root and Linux"
              + " 6.6; telemetry.enabled = false ends this warning)",
          settings.counters().bridge(),
          e.getMessage());
      return null;
    }
  }

  @Override
  public void mobile(Set<IpPrefix> prefixes) {
    mobile = Set.copyOf(prefixes);
    clusters = new PrefixClusters(mobile, settings.outsideBlocksMax());
    FlowListener open = exports;
    if (open == null) {
      listenToExporters();
    } else {
      open.mobile(new PrefixClusters(mobile, settings.outsideBlocksMax()));
    }
  }

  /** Whatever was in the way may be gone at the next interval. */
  private void listenToExporters() {
    TelemetrySettings.Exporters exporters = settings.exporters().orElse(null);
    if (exporters == null || exports != null) {
      return;
    }
    try {
      exports =
          FlowListener.open(
              exporters.listen(),
              exporters.hosts(),
              new PrefixClusters(mobile, settings.outsideBlocksMax()),
              settings.counters().pairsMax());
      if (refused) {
        LOG.info("exporters are listened to now");
      }
      refused = false;
    } catch (IOException e) {
      if (!refused) {
        LOG.warn("exporters cannot be listened to, tried again: {}", e.getMessage());
      }
      refused = true;
    }
  }

  /** Who listens to exporters, if anybody does. */
  Optional<FlowListener> exports() {
    return Optional.ofNullable(exports);
  }

  @Override
  public Counted rotate() throws IOException {
    long now = System.nanoTime();
    Map<AddressPair, Count> pairs = new HashMap<>();
    Duration duration = Duration.ofNanos(now - rotatedNanos);
    if (counters != null) {
      PairCounters.Interval interval = counters.rotate(now);
      duration = interval.duration();
      pairs.putAll(DomainZero.summarize(interval, clusters));
    }
    listenToExporters();
    if (exports != null) {
      exports.rotate().forEach((pair, count) -> pairs.merge(pair, count, Count::plus));
    }
    rotatedNanos = now;
    return new Counted(pairs, duration);
  }

  @Override
  public void follow() throws IOException {
    if (counters != null) {
      counters.follow();
    }
  }

  @Override
  public void listen(Runnable portsChanged) throws IOException {
    if (counters != null) {
      watch = PortWatch.start(NetworkNamespace.named(settings.networkNamespace()), portsChanged);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (watch != null) {
        watch.close();
      }
    } finally {
      try {
        if (exports != null) {
          exports.close();
        }
      } finally {
        if (counters != null) {
          counters.close();
        }
      }
    }
  }
}
