package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.cli.Ran;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What real agents did happens again, from the cluster and from a file. */
@ExtendWith(SharedStore.Resolver.class)
class AuditReplayIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOVES = 6;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ClusterInOneJvm cluster;

  @BeforeAll
  static void start(SharedStore store) throws Exception {
    cluster = ClusterInOneJvm.ofOne(folder, store, "", "");
    cluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  @Test
  void whatHappenedHappensAgain() throws Exception {
    cluster.awaitInSync(node());
    Vm vm = cluster.plan().vm("vm21");
    List<Site> sites = List.of(cluster.plan().site("site2"), cluster.plan().site("site1"));
    cluster.network().announce(vm);
    cluster.await(new Attachment(sites.get(0).fe(), 1), () -> node().bindings().get(vm.address4()));
    long from = InstantSource.system().millis();
    for (int version = 2; version < MOVES + 2; version++) {
      Site site = sites.get((version - 1) % 2);
      cluster.network().move(vm, site);
      cluster.await(new Attachment(site.fe(), version), () -> node().bindings().get(vm.address4()));
    }
    long to = InstantSource.system().millis();
    String t1 = Instant.ofEpochMilli(from).toString();
    String t2 = Instant.ofEpochMilli(to).toString();

    // The VM has an IPv6 address too, which moves at its own time.
    String prefix = vm.address4() + "/32";
    JsonNode live =
        replayed(
            "--from", t1, "--to", t2, "--prefix", prefix, "--speed", "max", "--slow", "fe2=5000");
    assertEquals(MOVES, live.path("changes").asInt(), live.toString());
    assertEquals(MOVES, live.path("moves").asInt());
    assertEquals(0, live.path("violations").size());
    assertTrue(live.path("complete").asBoolean());
    JsonNode late = live.path("late").path(0);
    assertEquals(MOVES, late.path("moves").asInt(), late.toString());
    assertEquals(vm.address4().toString(), late.path("longest").asText());

    Path export = folder.resolve("record.jsonl");
    assertEquals(0, node().sterna("audit", "export", "--out", export.toString()).status());
    JsonNode file =
        replayed(
            "--file",
            export.toString(),
            "--from",
            t1,
            "--to",
            t2,
            "--prefix",
            prefix,
            "--speed",
            "20");
    for (String same : List.of("from", "to", "rows", "changes", "moves", "elements", "ranges")) {
      assertEquals(live.path(same), file.path(same), same);
    }
    // The last row lies within the span: waited for until then.
    assertTrue(file.path("seconds").asDouble() * 20_000 >= (to - from) / 2.0, file.toString());
    damaged(export, t1, t2);
    refused();
  }

  private void damaged(Path export, String t1, String t2) throws Exception {
    List<String> lines = new ArrayList<>(Files.readAllLines(export));
    String range = rangeOfMoves(lines);
    List<Integer> rows = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (JSON.readTree(lines.get(i)).path("range").asText().equals(range)) {
        rows.add(i);
      }
    }
    lines.remove((int) rows.get(rows.size() - 3));
    Path cut = Files.write(folder.resolve("cut.jsonl"), lines);
    Ran ran =
        Ran.sterna(
            "audit",
            "replay",
            "--file",
            cut.toString(),
            "--from",
            t1,
            "--to",
            t2,
            "--speed",
            "max",
            "--output",
            "json");
    assertEquals(1, ran.status(), ran.toString());
    JsonNode violation = JSON.readTree(ran.out()).path("violations").path(0);
    assertEquals("ChainIntact", violation.path("invariant").asText(), ran.out());
    assertEquals(range, violation.path("range").asText());
  }

  /** The range with most rows. */
  private static String rangeOfMoves(List<String> lines) throws Exception {
    List<String> ranges = new ArrayList<>();
    for (String line : lines) {
      if (JSON.readTree(line).has("range")) {
        ranges.add(JSON.readTree(line).path("range").asText());
      }
    }
    return ranges.stream()
        .max(Comparator.comparingInt(each -> Collections.frequency(ranges, each)))
        .orElseThrow();
  }

  private void refused() {
    Ran early = node().sterna("audit", "replay", "--from", "2020-01-01", "--to", "2020-01-02");
    assertEquals(2, early.status(), early.toString());
    assertTrue(early.err().contains("nothing was on record then"), early.toString());
    Ran backwards = node().sterna("audit", "replay", "--from", "1h", "--to", "2h");
    assertEquals(2, backwards.status(), backwards.toString());
    Ran nobody =
        node().sterna("audit", "replay", "--from", "1h", "--speed", "max", "--slow", "fe99=10");
    assertEquals(2, nobody.status(), nobody.toString());
  }

  private JsonNode replayed(String... words) {
    return node()
        .answer(
            Stream.concat(Stream.of("audit", "replay"), Stream.of(words)).toArray(String[]::new));
  }

  private static ClusterNode node() {
    return cluster.running().get(0);
  }
}
