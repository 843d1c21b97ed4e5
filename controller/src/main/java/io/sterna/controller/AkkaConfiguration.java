package io.sterna.controller;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.sterna.controller.cluster.ControllerDirectory;
import java.util.List;
import java.util.Map;

/** What Akka is told, made from a controller's settings and {@code controller-akka.conf}. */
final class AkkaConfiguration {
  /** The name of every controller's actor system: part of the addresses they know each other by. */
  static final String SYSTEM_NAME = "sterna";

  private AkkaConfiguration() {}

  /** The seeds, as Akka names controllers. Not Akka's to join by: see ClusterFounding. */
  static List<String> seeds(ControllerSettings settings) {
    return settings.cluster().seeds().stream()
        .map(seed -> "akka://" + SYSTEM_NAME + "@" + seed)
        .toList();
  }

  static Config of(ControllerSettings settings) {
    ControllerSettings.Cluster cluster = settings.cluster();
    return ConfigFactory.parseMap(
            Map.of(
                "akka.remote.artery.canonical.hostname",
                cluster.listen().host(),
                "akka.remote.artery.canonical.port",
                cluster.listen().port(),
                "akka.cluster.roles",
                ConfigValueFactory.fromIterable(ControllerDirectory.roles(settings)),
                "akka.cluster.failure-detector.acceptable-heartbeat-pause",
                cluster.acceptablePause(),
                "akka.cluster.split-brain-resolver.stable-after",
                cluster.stableAfter()),
            "settings of the controller")
        .withFallback(settings.cassandra().toConfig())
        .withFallback(
            ConfigFactory.parseResources(AkkaConfiguration.class, "/controller-akka.conf"))
        .withFallback(ConfigFactory.load());
  }
}
