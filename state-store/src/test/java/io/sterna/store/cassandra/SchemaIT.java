package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedNode.Resolver.class)
class SchemaIT {
  @Test
  void severalControllersMayCreateItAtOnce(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("schema_race");
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (CqlSession first = SharedNode.session(settings);
        CqlSession second = SharedNode.session(settings)) {
      List<Callable<Void>> creations = List.of(creation(first), creation(second));
      for (Future<Void> creation : threads.invokeAll(creations)) {
        creation.get();
      }
      Schema.create(first, settings);
      assertEquals(
          Set.of(
              "messages",
              "metadata",
              "all_persistence_ids",
              "snapshots",
              "range_epochs",
              "cluster_charter",
              "audit_checkpoints",
              "audit_archive"),
          tables(second));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void saysWhatCouldNotBeCreated(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("system");
    try (CqlSession session = SharedNode.session(settings)) {
      SchemaException e =
          assertThrows(SchemaException.class, () -> Schema.create(session, settings));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("cannot create keyspace system: "), message);
    }
  }

  private static Callable<Void> creation(CqlSession session) {
    CassandraSettings settings =
        new CassandraSettings(List.of("127.0.0.1:1"), "datacenter1", "schema_race", 1);
    return () -> {
      Schema.create(session, settings);
      return null;
    };
  }

  private static Set<String> tables(CqlSession session) {
    return session
        .execute("SELECT table_name FROM system_schema.tables WHERE keyspace_name = 'schema_race'")
        .all()
        .stream()
        .map(row -> row.getString("table_name"))
        .collect(Collectors.toSet());
  }
}
