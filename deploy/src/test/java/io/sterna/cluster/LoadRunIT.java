package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.ca.CertificateAuthority;
import io.sterna.cli.ConfigFile;
import io.sterna.controller.Controller;
import io.sterna.controller.ControllerSettings;
import io.sterna.lab.LabPorts;
import io.sterna.loadgen.run.LoadRun;
import io.sterna.loadgen.run.Result;
import io.sterna.loadgen.scenario.ScenarioFile;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.store.cassandra.LocalCassandra;
import io.sterna.store.cassandra.NodeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One controller and its Cassandra under a small load that eight emulated elements make. */
class LoadRunIT {
  private static final int FES = 8;
  private static final int RATE = 500;
  private static final int CASSANDRA_HEAP_MEBIBYTES = 384;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  private final Deque<Runnable> started = new ArrayDeque<>();

  @AfterEach
  void stop() {
    while (!started.isEmpty()) {
      started.pop().run();
    }
  }

  @Test
  void everyEventIsAcknowledgedAndEveryCheckHolds() throws Exception {
    LabPorts ports = LabPorts.free();
    issueCertificates();
    Path config = Files.writeString(folder.resolve("c1.conf"), controllerFile(ports));
    Path scenario = Files.writeString(folder.resolve("load.yaml"), scenarioFile(ports));
    NodeSettings node =
        NodeSettings.in(folder.resolve("cassandra"))
            .withCacheDir(Path.of("target", "cassandra-cache"))
            .withHeapMebibytes(CASSANDRA_HEAP_MEBIBYTES)
            .withPorts(ports.cql(), ports.storage(), 0);
    Path lib = Path.of("target", "sterna", "cassandra-lib");
    LocalCassandra store = LocalCassandra.start(node, lib, (what, t) -> {});
    started.push(store::close);
    Controller controller =
        Controller.start(
            ConfigFile.load(config, "sterna.controller").settings(ControllerSettings::from));
    started.push(controller::close);
    Result result =
        LoadRun.prepare(ScenarioFile.read(scenario), System::nanoTime, line -> {}).run();
    check(result.toJson("test"));
  }

  private static void check(JsonNode result) {
    assertTrue(result.path("holds").asBoolean(), result::toPrettyString);
    for (String name : List.of("NoAcknowledgedLoss", "NoStaleOverwrite", "Converges")) {
      assertTrue(result.path("checks").path(name).path("holds").asBoolean(), name);
    }
    assertFalse(result.path("interrupted").asBoolean());
    JsonNode counts = result.path("counts");
    assertEquals(0, counts.path("lost").asLong(), result::toPrettyString);
    assertEquals(
        counts.path("events").asLong(),
        counts.path("accepted").asLong() + counts.path("superseded").asLong());
    assertEquals(0, counts.path("sessionsLost").asLong(), result::toPrettyString);
    assertEquals(RATE, result.path("acceptedPerSecond").asDouble(), RATE / 4.0);
    for (String latency : List.of("acknowledgedMs", "installedAtLastMs")) {
      assertTrue(result.path(latency).path("count").asLong() > 0, latency);
      assertTrue(result.path(latency).path("p50").asDouble() > 0, latency);
    }
    assertTrue(
        result.path("installedAtLastMs").path("p99").asDouble()
            >= result.path("installedAtLastMs").path("p50").asDouble());
    assertTrue(counts.path("bytesIn").asLong() > 0);
    assertTrue(counts.path("bytesOut").asLong() > 0);
  }

  private static void issueCertificates() throws Exception {
    CertificateAuthority.Terms terms =
        new CertificateAuthority.Terms(InstantSource.system().instant(), Duration.ofDays(1), false);
    CertificateAuthority authority =
        CertificateAuthority.create(folder.resolve("ca"), "load", terms);
    authority.issue(new ControllerId("c1"), List.of(), List.of(LabPorts.HOST), folder, terms);
    for (int i = 1; i <= FES; i++) {
      authority.issue(new FeId("fe" + i), folder.resolve("fes"), terms);
    }
  }

  private static String controllerFile(LabPorts ports) {
    LabPorts.OfController own = ports.controllers().get(0);
    String elements =
        IntStream.rangeClosed(1, FES)
            .mapToObj(
                i -> "{ id = fe%d, site = site%d, underlay = 172.16.%d.1 }".formatted(i, i, i))
            .collect(Collectors.joining(", "));
    return """
        sterna.controller {
          id = c1
          cluster { host = "%1$s", port = %2$d, seeds = ["%1$s:%2$d"] }
          southbound { host = "%1$s", port = %3$d }
          http { host = "%1$s", port = %4$d }
          tls { certificate = c1.pem, key = c1.key, authority = ca.pem }
          mobile-prefixes = [ { prefix = "10.20.0.0/16", range-length = 20 } ]
          forwarding-elements = [ %5$s ]
          cassandra { contact-points = ["%1$s:%6$d"] }
        }
        """
        .formatted(
            LabPorts.HOST, own.cluster(), own.southbound(), own.http(), elements, ports.cql());
  }

  private static String scenarioFile(LabPorts ports) {
    return """
        controllers: ["%s:%d"]
        tls: { authority: ca.pem, certificate-folder: fes }
        fes: %d
        vms: 5000
        prefix: 10.20.0.0/16
        arrival-rate-per-second: %d
        mobility: uniform
        warm-up: 2s
        duration: 5s
        seed: 1
        """
        .formatted(LabPorts.HOST, ports.controllers().get(0).southbound(), FES, RATE);
  }
}
