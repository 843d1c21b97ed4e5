package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.cli.Ran;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.cassandra.JournalReader;
import io.sterna.store.cassandra.TrialJournal;
import io.sterna.store.trial.RandomJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real controller archives its journal, answers as before, and recovers without what is gone. */
@ExtendWith(SharedStore.Resolver.class)
class ArchiveIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long SEED = 3;
  private static final int PLACES = 2_000;
  private static final int SNAPSHOT_EVERY = 100;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ClusterInOneJvm cluster;

  @BeforeAll
  static void start(SharedStore store) throws Exception {
    String archive =
        "sterna.controller.audit.archive { folder = \"%s\", pause = 1ms }\n"
            .formatted(folder.resolve("archive"));
    cluster = ClusterInOneJvm.ofOne(folder, store, archive, "");
    cluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  @Test
  void controllersAnswerAndRecoverAsThoughAllWereInTheJournal() throws Exception {
    ClusterNode node = cluster.running().get(0);
    RangeId range = cluster.ranges().iterator().next();
    cluster.await(true, () -> node.ranges().containsKey(range));
    node.close();
    try (CqlSession session = node.cassandra().sessionBuilder().build()) {
      RandomJournal made = writeJournal(session, node.cassandra().keyspace(), range);
      JournalReader journal = new JournalReader(session, node.cassandra().keyspace());
      node.start();
      cluster.await(made.bindings().size(), () -> bindings(node, range));

      Map<String, JsonNode> before = answers(node, range, made);
      JsonNode dry = node.answer("audit", "archive", "--older-than", "0s", "--dry-run");
      assertEquals(range.toString(), dry.path("outcomes").path(0).path("range").asText());
      assertTrue(dry.path("outcomes").path(0).path("rows").asLong() > PLACES / 2, dry.toString());
      assertEquals(1, journal.rows(range, 1).next().number());
      JsonNode run = node.answer("audit", "archive", "--older-than", "0s");
      assertEquals("done", run.path("phase").asText(), run.toString());
      long archivedTo = run.path("outcomes").path(0).path("archivedTo").asLong();
      assertTrue(archivedTo > PLACES / 2, run.toString());
      assertEquals(archivedTo + 1, journal.rows(range, 1).next().number());
      assertEquals(before, answers(node, range, made));

      // Recovery by Akka's plugin, from a snapshot and what is left.
      node.close();
      node.start();
      cluster.await(made.bindings().size(), () -> bindings(node, range));
      assertEquals(
          before.get("at"),
          node.answer("audit", "at", "now", "--prefix", range.toString()).path("bindings"));
      JsonNode verdict = verdict(node, range);
      assertTrue(verdict.path("intact").asBoolean(), verdict.toString());
      assertEquals(archivedTo, verdict.path("archivedRows").asLong());
      assertTrue(verdict.path("snapshots").asInt() > 1, verdict.toString());

      withoutSnapshotsItDoesNotStart(session, node, range);
      cluster.await(made.bindings().size(), () -> bindings(node, range));

      try (var files = Files.list(folder.resolve("archive"))) {
        Files.delete(files.findFirst().orElseThrow());
      }
      Ran found = node.sterna("audit", "verify");
      assertEquals(1, found.status(), found.toString());
      assertTrue(found.out().contains("the file is not there"), found.out());
      Ran past = node.sterna("audit", "at", "2025-06-16", "--prefix", range.toString());
      assertTrue(past.status() != 0, past.toString());
    }
  }

  /** An owner that must not take what is left for the whole. */
  private void withoutSnapshotsItDoesNotStart(CqlSession session, ClusterNode node, RangeId range)
      throws Exception {
    String keyspace = node.cassandra().keyspace();
    JournalReader journal = new JournalReader(session, keyspace);
    node.close();
    List<StoredSnapshot> snapshots = journal.snapshots(range);
    long last = journal.lastNumber(range);
    session.execute(
        "DELETE FROM " + keyspace + ".snapshots WHERE persistence_id = 'range|" + range + "'");
    Map<RangeId, Long> others = new TreeMap<>();
    cluster.ranges().stream()
        .filter(each -> !each.equals(range))
        .forEach(each -> others.put(each, journal.lastNumber(each)));
    node.start();
    for (Map.Entry<RangeId, Long> other : others.entrySet()) {
      // Each owner that starts writes a row.
      cluster.await(true, () -> journal.lastNumber(other.getKey()) > other.getValue());
    }
    assertEquals(last, journal.lastNumber(range));
    assertEquals(0, bindings(node, range));
    TrialJournal mend = new TrialJournal(session, keyspace);
    snapshots.forEach(each -> mend.write(range, each));
  }

  /** In place of what the range has done so far, while no controller runs. */
  private static RandomJournal writeJournal(CqlSession session, String keyspace, RangeId range) {
    session.execute("TRUNCATE " + keyspace + ".messages");
    session.execute("TRUNCATE " + keyspace + ".snapshots");
    TrialJournal journal = new TrialJournal(session, keyspace);
    RandomJournal made = new RandomJournal(range, new RandomJournal.Shape(40, 6, 15), SEED);
    long number = 0;
    while (number < PLACES || !made.atEndOfPlace()) {
      StoredRow row = made.next();
      journal.write(range, row);
      number = row.number();
      if (made.atEndOfPlace() && number > PLACES / 2 && number % SNAPSHOT_EVERY == 0) {
        journal.write(range, made.snapshot());
      }
    }
    journal.flush();
    session.execute(
        "UPDATE " + keyspace + ".range_epochs SET epoch = ? WHERE range = ?",
        made.head().epoch(),
        range.toString());
    return made;
  }

  private static Map<String, JsonNode> answers(ClusterNode node, RangeId range, RandomJournal made)
      throws Exception {
    String prefix = range.toString();
    long end = made.atEpochMillis();
    String middle = Instant.ofEpochMilli(end - 40_000).toString();
    String later = Instant.ofEpochMilli(end - 5_000).toString();
    String address = made.bindings().get(0).address().toString();
    Map<String, JsonNode> answers = new TreeMap<>();
    answers.put("at", node.answer("audit", "at", "now", "--prefix", prefix).path("bindings"));
    answers.put("past", node.answer("audit", "at", middle, "--prefix", prefix));
    answers.put("diff", node.answer("audit", "diff", middle, later, "--prefix", prefix));
    answers.put("history", node.answer("audit", "history", address));
    answers.put("show", node.answer("audit", "show", range + ":500"));
    answers.put(
        "log",
        node.answer(
            "audit",
            "log",
            "--prefix",
            prefix,
            "--from",
            middle,
            "--to",
            later,
            "--limit",
            "3000"));
    JsonNode verdict = verdict(node, range);
    assertTrue(verdict.path("intact").asBoolean(), verdict.toString());
    answers.put("intact", verdict.path("intactRows"));
    answers.put("discarded", verdict.path("discardedRows"));
    Path export = Files.createTempFile(folder, "record", ".jsonl");
    Files.delete(export);
    assertEquals(
        0, node.sterna("audit", "export", "--out", export.toString(), "--prefix", prefix).status());
    answers.put("export", JSON.valueToTree(Files.readAllLines(export)));
    return answers;
  }

  private static JsonNode verdict(ClusterNode node, RangeId range) throws Exception {
    return node.answer("audit", "verify", "--prefix", range.toString()).path("ranges").path(0);
  }

  private static int bindings(ClusterNode node, RangeId range) {
    return (int)
        node.bindings().keySet().stream().filter(each -> range.prefix().contains(each)).count();
  }
}
