package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.cli.Ran;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.IpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The record by the command, from real agents' claims to a checked export. */
@ExtendWith(SharedStore.Resolver.class)
class AuditIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONTROLLER =
      """
      sterna.controller.audit {
        checkpoint-key = "%1$s", public-keys = ["%1$s.pub"], checkpoint-interval = 500ms
        checkpoint-copy = "%2$s"
      }
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ClusterInOneJvm cluster;

  @BeforeAll
  static void start(SharedStore store) throws Exception {
    Path key = folder.resolve("audit.key");
    assertEquals(0, Ran.sterna("audit", "keygen", "--out", key.toString()).status());
    Path copy = folder.resolve("checkpoints");
    cluster = ClusterInOneJvm.ofOne(folder, store, CONTROLLER.formatted(key, copy), "");
    cluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  @Test
  void theRecordSaysWhatHappenedAndIsWhole() throws Exception {
    cluster.awaitInSync(node());
    Vm vm = cluster.plan().vm("vm21");
    IpAddress address = vm.address4();
    List<Site> sites = List.of(cluster.plan().site("site2"), cluster.plan().site("site1"));
    TreeMap<Long, Attachment> moments = new TreeMap<>();
    cluster.network().announce(vm);
    for (int version = 1; version <= 4; version++) {
      Attachment there = new Attachment(sites.get((version - 1) % 2).fe(), version);
      if (version > 1) {
        cluster.network().move(vm, sites.get((version - 1) % 2));
      }
      cluster.await(there, () -> node().bindings().get(address));
      moments.put(InstantSource.system().millis(), there);
    }

    JsonNode history = node().answer("audit", "history", address.toString());
    List<String> versions = new ArrayList<>();
    history.path("entries").forEach(each -> versions.add(each.path("version").asText()));
    assertEquals(List.of("1", "2", "3", "4"), versions);
    JsonNode last = history.path("entries").path(3);
    assertEquals("moved", last.path("what").asText());
    assertEquals("c1", last.path("controller").asText());
    assertEquals("fe2", last.path("previousFe").asText());

    for (var moment : moments.entrySet()) {
      String time = java.time.Instant.ofEpochMilli(moment.getKey()).toString();
      JsonNode then =
          node().answer("audit", "at", time, "--prefix", address + "/32").path("bindings");
      assertEquals(1, then.size(), time);
      assertEquals(moment.getValue().version(), then.path(0).path("version").asLong());
      assertEquals(moment.getValue().fe().value(), then.path(0).path("fe").asText());
    }
    Ran early = Ran.sterna("audit", "at", "2020-01-01", "--api", node().apiAddress());
    assertTrue(early.err().startsWith("nothing was on record then"), early.toString());
    assertEquals(2, Ran.sterna("audit", "log", "--from").status());
    Ran nonsense = node().sterna("audit", "at", "yesterdayish");
    assertTrue(nonsense.err().contains("is no time"), nonsense.toString());

    JsonNode page =
        node()
            .answer(
                "audit", "log", "--what", "moved", "--address", address.toString(), "--limit", "2");
    assertEquals(2, page.path("entries").size());
    JsonNode rest =
        node()
            .answer(
                "audit",
                "log",
                "--what",
                "moved",
                "--address",
                address.toString(),
                "--cursor",
                page.path("next").asText());
    assertEquals(1, rest.path("entries").size());
    assertEquals(last, rest.path("entries").path(0));
    assertEquals(
        last, node().answer("audit", "show", last.path("id").asText()).path("entries").path(0));
    JsonNode differences =
        node()
            .answer("audit", "diff", "1h", "now", "--prefix", address + "/32")
            .path("differences");
    assertEquals(4, differences.path(0).path("after").path("version").asInt());
    verified();
  }

  private void verified() throws Exception {
    cluster.await(true, () -> signedHeads() > 0);
    Path export = folder.resolve("record.jsonl");
    assertEquals(0, node().sterna("audit", "export", "--out", export.toString()).status());
    String key = folder.resolve("audit.key.pub").toString();
    Ran checked = Ran.sterna("audit", "verify", "--file", export.toString(), "--key", key);
    assertEquals(0, checked.status(), checked.toString());
    List<String> lines = new ArrayList<>(Files.readAllLines(export));
    lines.remove(lines.size() - 1);
    Path cut = Files.write(folder.resolve("cut.jsonl"), lines);
    Ran found = Ran.sterna("audit", "verify", "--file", cut.toString(), "--key", key);
    assertEquals(1, found.status(), found.toString());
    assertTrue(found.out().contains("cut-off") || found.out().contains("rewritten"), found.out());
  }

  private long signedHeads() {
    Ran ran = node().sterna("audit", "verify", "--output", "json");
    assertEquals(0, ran.status(), ran.toString());
    long heads = 0;
    for (JsonNode range : parsed(ran).path("ranges")) {
      heads += range.path("signedHeads").asLong();
    }
    return heads;
  }

  private static JsonNode parsed(Ran ran) {
    try {
      return JSON.readTree(ran.out());
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(ran.toString(), e);
    }
  }

  private static ClusterNode node() {
    return cluster.running().get(0);
  }
}
