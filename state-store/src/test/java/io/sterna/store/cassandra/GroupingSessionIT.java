package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Groups of rows, in a real Cassandra. */
@ExtendWith(SharedNode.Resolver.class)
class GroupingSessionIT {
  private static final int ROWS = 200;
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<Integer> requests = new CopyOnWriteArrayList<>();

  @Test
  void rowsThatComeTogetherArriveTogetherAndAllOfThem(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("grouped");
    try (CqlSession session = grouping(settings, 40 * 1024)) {
      Schema.create(session, settings);
      writeAll(session, "grouped", 100);
      assertEquals(ROWS, count(session, "grouped"));
      assertEquals(ROWS, requests.stream().mapToInt(rows -> rows).sum());
      assertTrue(requests.size() < ROWS / 4, "in " + requests.size() + " requests");
    }
  }

  @Test
  void aGroupThatIsTooLargeForTheNodeIsWrittenAllTheSame(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("oversized");
    try (CqlSession session = grouping(settings, 4 << 20)) {
      Schema.create(session, settings);
      writeAll(session, "oversized", 20_000);
      assertEquals(ROWS, count(session, "oversized"));
      int sent = requests.stream().mapToInt(rows -> rows).sum();
      assertTrue(sent > ROWS, "nothing was refused");
    }
  }

  @Test
  void aClosedSessionAnswers(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("closing");
    CqlSession session = grouping(settings, 40 * 1024);
    Schema.create(session, settings);
    PreparedStatement insert = session.prepare(insert("closing"));
    List<CompletableFuture<AsyncResultSet>> written = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      written.add(session.executeAsync(row(insert, i, 100)).toCompletableFuture());
    }
    session.closeAsync().toCompletableFuture().get(30, TimeUnit.SECONDS);
    CompletableFuture.allOf(written.toArray(CompletableFuture[]::new))
        .handle((done, failure) -> "answered")
        .get(30, TimeUnit.SECONDS);
    CompletableFuture<AsyncResultSet> late =
        session.executeAsync(row(insert, ROWS, 100)).toCompletableFuture();
    assertThrows(ExecutionException.class, () -> late.get(30, TimeUnit.SECONDS));
  }

  private static void writeAll(CqlSession session, String keyspace, int bytes) throws Exception {
    PreparedStatement insert = session.prepare(insert(keyspace));
    List<CompletableFuture<AsyncResultSet>> written = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      written.add(session.executeAsync(row(insert, i, bytes)).toCompletableFuture());
    }
    CompletableFuture.allOf(written.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
  }

  private static String insert(String keyspace) {
    return "INSERT INTO "
        + keyspace
        + ".messages (persistence_id, partition_nr, sequence_nr, timestamp, event)"
        + " VALUES (?, 0, 1, now(), ?)";
  }

  private static BoundStatement row(PreparedStatement insert, int i, int bytes) {
    return insert.bind("range|" + i, ByteBuffer.allocate(bytes));
  }

  private static long count(CqlSession session, String keyspace) {
    var row = session.execute("SELECT count(*) FROM " + keyspace + ".messages").one();
    return row == null ? 0 : row.getLong(0);
  }

  private CqlSession grouping(CassandraSettings settings, int bytesMax) throws Exception {
    CqlSession session = SharedNode.session(settings);
    GroupCommit commit =
        new GroupCommit(
            statement -> send(session, statement),
            new GroupCommit.Bounds(1, 50, bytesMax, LONG, LONG),
            System::nanoTime,
            (delay, task) -> {});
    return new GroupingSession(session, settings.keyspace() + ".messages", commit);
  }

  private CompletionStage<AsyncResultSet> send(CqlSession session, Statement<?> statement) {
    requests.add(statement instanceof BatchStatement batch ? batch.size() : 1);
    return session.executeAsync(statement);
  }
}
