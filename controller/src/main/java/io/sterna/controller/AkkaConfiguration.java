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

  static Config of(ControllerSettings settings) {
    ControllerSettings.Cluster cluster = settings.cluster();
    List<String> seeds =
        cluster.seeds().stream().map(seed -> "akka://" + SYSTEM_NAME + "@" + seed).toList();
    return ConfigFactory.parseMap(
            Map.of(
                "akka.remote.artery.canonical.hostname",
                cluster.listen().host(),
                "akka.remote.artery.canonical.port",
                cluster.listen().port(),
                "akka.cluster.seed-nodes",
                ConfigValueFactory.fromIterable(seeds),
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
