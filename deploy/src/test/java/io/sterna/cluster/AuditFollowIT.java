package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.bench.LogReader;
import io.sterna.ca.CertificateAuthority;
import io.sterna.cli.ConfigFile;
import io.sterna.cli.Ran;
import io.sterna.controller.Controller;
import io.sterna.controller.ControllerSettings;
import io.sterna.lab.LabException;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.LabPorts;
import io.sterna.lab.Progress;
import io.sterna.lab.Waiting;
import io.sterna.lab.process.ControllerApi;
import io.sterna.loadgen.run.LoadRun;
import io.sterna.loadgen.scenario.ScenarioFile;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.LocalCassandra;
import io.sterna.store.cassandra.NodeSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers follow the log under load; one stops reading. */
class AuditFollowIT {
  private static final int FES = 4;
  private static final int READERS = 3;
  private static final int RATE = 3_000;
  private static final int CASSANDRA_HEAP_MEBIBYTES = 384;
  private static final Duration BOUND = Duration.ofMinutes(1);

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  private final Waiting waiting = new Waiting(new Progress(LabOfTests.silence()));
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final LabPorts ports = free();

  @AfterEach
  void stop() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  @Test
  void whoReadsNothingIsCutAndGoesOnWithoutLoss() throws Exception {
    Controller controller = startController();
    String api = "http://" + LabPorts.HOST + ":" + ports.controllers().get(0).http();
    LogReader active = started(LogReader.start(api, "from=1h"));
    LogReader stalling = started(LogReader.start(api, "from=1h"));
    LogReader third = started(LogReader.start(api, "what=moved"));
    await("three follow", () -> !third.cursor().isEmpty() && !stalling.cursor().isEmpty());
    await("the other one follows", () -> !active.cursor().isEmpty());
    assertEquals(429, status(api + "/api/v1/audit/log?follow=true"));
    assertEquals(400, status(api + "/api/v1/audit/log?follow=true&to=now"));
    assertEquals(400, status(api + "/api/v1/audit/log?follow=true&cursor=nonsense"));
    third.close();

    stalling.stall(false);
    Path scenario = Files.writeString(folder.resolve("load.yaml"), scenarioFile());
    JsonNode result =
        LoadRun.prepare(ScenarioFile.read(scenario), System::nanoTime, line -> {})
            .run()
            .toJson("test");
    assertTrue(result.path("holds").asBoolean(), result::toPrettyString);
    stalling.stall(true);
    await("it was told that it was cut", () -> !stalling.cuts().isEmpty());
    assertTrue(stalling.cuts().get(0).contains("\"reason\":\"stalled\""), stalling.cuts().get(0));

    Map<RangeId, ControllerApi.Ownership> ranges = new ControllerApi(ports).ranges().orElseThrow();
    for (LogReader reader : List.of(active, stalling)) {
      await(
          "everything was read",
          () ->
              ranges.entrySet().stream()
                  .allMatch(each -> reader.revision(each.getKey()) >= each.getValue().revision()));
      assertEquals(0, reader.twice());
      assertEquals(0, reader.missed());
    }
    await("both have the same", () -> active.entries() == stalling.entries());
    assertEquals(1, active.connections());
    assertTrue(stalling.connections() >= 2, "" + stalling.connections());
    assertTrue(active.entries() > 10_000, "" + active.entries());

    Ran refused = Ran.sterna("audit", "log", "--follow", "--to", "now", "--api", api);
    assertEquals(1, refused.status(), refused.toString());
    assertTrue(refused.err().contains("no end"), refused.toString());
    long began = System.nanoTime();
    controller.close();
    assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 20);
    await("it was told that the controller stops", () -> !active.cuts().isEmpty());
    assertTrue(active.cuts().get(0).contains("\"reason\":\"stopping\""), active.cuts().get(0));
  }

  private void await(String what, BooleanSupplier holds) throws LabException {
    waiting.until(() -> holds.getAsBoolean() ? "" : what, BOUND);
  }

  private LogReader started(LogReader reader) {
    started.push(reader);
    return reader;
  }

  private static int status(String uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(BOUND).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }

  private Controller startController() throws Exception {
    issueCertificates();
    Path config = Files.writeString(folder.resolve("c1.conf"), controllerFile());
    NodeSettings node =
        NodeSettings.in(folder.resolve("cassandra"))
            .withCacheDir(Path.of("target", "cassandra-cache"))
            .withHeapMebibytes(CASSANDRA_HEAP_MEBIBYTES)
            .withPorts(ports.cql(), ports.storage(), 0);
    Path lib = Path.of("target", "sterna", "cassandra-lib");
    LocalCassandra store = LocalCassandra.start(node, lib, (what, t) -> {});
    started.push(store);
    Controller controller =
        Controller.start(
            ConfigFile.load(config, "sterna.controller").settings(ControllerSettings::from));
    started.push(controller);
    return controller;
  }

  private static LabPorts free() {
    try {
      return LabPorts.free();
    } catch (LabException e) {
      throw new AssertionError(e);
    }
  }

  private static void issueCertificates() throws Exception {
    CertificateAuthority.Terms terms =
        new CertificateAuthority.Terms(InstantSource.system().instant(), Duration.ofDays(1), false);
    CertificateAuthority authority =
        CertificateAuthority.create(folder.resolve("ca"), "follow", terms);
    authority.issue(new ControllerId("c1"), List.of(), List.of(LabPorts.HOST), folder, terms);
    for (int i = 1; i <= FES; i++) {
      authority.issue(new FeId("fe" + i), folder.resolve("fes"), terms);
    }
  }

  private String controllerFile() {
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
          audit.follow { readers-max = %7$d, stall-limit = 2s }
        }
        """
        .formatted(
            LabPorts.HOST,
            own.cluster(),
            own.southbound(),
            own.http(),
            elements,
            ports.cql(),
            READERS);
  }

  private String scenarioFile() {
    return """
        controllers: ["%s:%d"]
        tls: { authority: ca.pem, certificate-folder: fes }
        fes: %d
        vms: 20000
        prefix: 10.20.0.0/16
        arrival-rate-per-second: %d
        mobility: uniform
        warm-up: 2s
        duration: 12s
        seed: 1
        """
        .formatted(LabPorts.HOST, ports.controllers().get(0).southbound(), FES, RATE);
  }
}
