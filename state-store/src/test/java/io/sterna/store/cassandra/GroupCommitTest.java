package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The store is played by the test: it answers when and as the test says. */
class GroupCommitTest {
  private static final int ROW_BYTES = 1_000;
  private static final int GROUP_BYTES = 10_000;
  private static final Duration SLOW = Duration.ofMillis(50);
  private static final Duration ALONE = Duration.ofSeconds(10);
  private final RuntimeException lost = new IllegalStateException("connection lost");
  private static final AsyncResultSet DONE = fake(AsyncResultSet.class, Map.of());

  private final List<Sent> sent = new ArrayList<>();
  private final List<Runnable> alarms = new ArrayList<>();
  private long nowNanos;
  private boolean throwing;
  private boolean answering;
  private GroupCommit commit = with(1);

  private record Sent(Statement<?> statement, CompletableFuture<AsyncResultSet> answer) {
    int rows() {
      return statement instanceof BatchStatement batch ? batch.size() : 1;
    }
  }

  @Test
  void theFirstLeavesAtOnceAndThoseThatComeMeanwhileLeaveTogether() {
    BoundStatement row = row(ROW_BYTES, "journal");
    CompletionStage<AsyncResultSet> first = commit.write(row);
    assertSame(row, sent.get(0).statement());
    List<CompletionStage<AsyncResultSet>> others = write(3, ROW_BYTES);
    assertEquals(1, sent.size());
    sent.get(0).answer().complete(DONE);
    assertSame(DONE, first.toCompletableFuture().join());
    assertEquals(3, sent.get(1).rows());
    BatchStatement batch = (BatchStatement) sent.get(1).statement();
    assertEquals(BatchType.UNLOGGED, batch.getBatchType());
    assertEquals("journal", batch.getExecutionProfileName());
    others.forEach(other -> assertFalse(other.toCompletableFuture().isDone()));
    sent.get(1).answer().complete(DONE);
    others.forEach(other -> assertSame(DONE, other.toCompletableFuture().join()));
    commit.write(row);
    assertEquals(3, sent.size(), "nothing is under way: it need not wait");
  }

  @Test
  void asManyGroupsAreUnderWayAsThereAreSlots() {
    commit = with(2);
    write(5, ROW_BYTES);
    assertEquals(List.of(1, 1), rowsSent());
    sent.get(1).answer().complete(DONE);
    assertEquals(List.of(1, 1, 3), rowsSent());
  }

  @Test
  void aGroupIsBoundedInRowsAndBytes() {
    write(1, ROW_BYTES);
    write(7, ROW_BYTES);
    write(1, 2 * GROUP_BYTES);
    write(4, GROUP_BYTES / 3);
    for (int i = 0; i < 6; i++) {
      sent.get(i).answer().complete(DONE);
    }
    assertEquals(List.of(1, 5, 2, 1, 2, 2), rowsSent());
  }

  @Test
  void rowsOfAnotherProfileAreAnotherGroupAndRowsWithWishesOfTheirOwnDoNotWait() {
    write(1, ROW_BYTES);
    write(2, ROW_BYTES);
    commit.write(row(ROW_BYTES, "other"));
    commit.write(fakeRow(ROW_BYTES, Map.of("isTracing", true)));
    assertEquals(2, sent.size());
    sent.get(0).answer().complete(DONE);
    sent.get(2).answer().complete(DONE);
    assertEquals(List.of(1, 1, 2, 1), rowsSent());
  }

  @Test
  void nobodyKnowsOfAnyRowOfAGroupThatFailedAndRowsLeaveAloneForAWhile() {
    write(1, ROW_BYTES);
    List<CompletionStage<AsyncResultSet>> group = write(3, ROW_BYTES);
    sent.get(0).answer().complete(DONE);
    write(2, ROW_BYTES);
    sent.get(1).answer().completeExceptionally(lost);
    group.forEach(row -> assertSame(lost, failure(row)));
    assertEquals(List.of(1, 3, 1, 1), rowsSent());
    write(2, ROW_BYTES);
    assertEquals(List.of(1, 3, 1, 1, 1, 1), rowsSent());
    nowNanos += ALONE.toNanos();
    for (int i = 2; i < 6; i++) {
      sent.get(i).answer().complete(DONE);
    }
    write(3, ROW_BYTES);
    sent.get(6).answer().complete(DONE);
    assertEquals(2, sent.get(7).rows());
  }

  @Test
  void aGroupThatWasRefusedBeforeAnythingWasWrittenIsWrittenRowByRow() {
    write(1, ROW_BYTES);
    List<CompletionStage<AsyncResultSet>> group = write(3, ROW_BYTES);
    sent.get(0).answer().complete(DONE);
    Node node = fake(Node.class, Map.of());
    sent.get(1).answer().completeExceptionally(new InvalidQueryException(node, "Batch too large"));
    sent.get(2).answer().complete(DONE);
    sent.get(3).answer().completeExceptionally(new InvalidQueryException(node, "wrong"));
    sent.get(4).answer().complete(DONE);
    assertEquals(List.of(1, 3, 1, 1, 1), rowsSent());
    assertSame(DONE, group.get(0).toCompletableFuture().join());
    assertEquals(InvalidQueryException.class, failure(group.get(1)).getClass());
    assertSame(DONE, group.get(2).toCompletableFuture().join());
    nowNanos += ALONE.toNanos();
    write(4, ROW_BYTES);
    sent.get(5).answer().complete(DONE);
    assertEquals(1, sent.get(6).rows(), "groups have half the bytes now");
  }

  @Test
  void aSlowGroupKeepsNobodyWaiting() {
    write(1, ROW_BYTES);
    write(2, ROW_BYTES);
    assertEquals(1, alarms.size());
    alarms.remove(0).run();
    assertEquals(1, sent.size(), "not slow yet");
    nowNanos += SLOW.toNanos() + 1;
    alarms.remove(0).run();
    assertEquals(List.of(1, 2), rowsSent());
    sent.get(0).answer().complete(DONE);
    write(1, ROW_BYTES);
    assertEquals(2, sent.size(), "the slow one gave its slot back only once");
  }

  @Test
  void aStoreThatThrowsFailsTheRowsAndHoldsNoSlot() {
    throwing = true;
    assertSame(lost, failure(commit.write(row(ROW_BYTES, "journal"))));
    throwing = false;
    CompletionStage<AsyncResultSet> next = commit.write(row(ROW_BYTES, "journal"));
    sent.get(0).answer().complete(DONE);
    assertSame(DONE, next.toCompletableFuture().join());
  }

  @Test
  void whatIsCancelledWhileItWaitsIsNotWritten() {
    write(1, ROW_BYTES);
    List<CompletionStage<AsyncResultSet>> waiting = write(3, ROW_BYTES);
    assertTrue(waiting.get(1).toCompletableFuture().cancel(false));
    sent.get(0).answer().complete(DONE);
    assertEquals(List.of(1, 2), rowsSent());
  }

  @Test
  void nothingWaitsWhenTheStoreIsClosed() {
    write(1, ROW_BYTES);
    write(7, ROW_BYTES);
    commit.close();
    assertEquals(List.of(1, 5, 2), rowsSent());
    write(1, ROW_BYTES);
    assertEquals(4, sent.size());
  }

  @Test
  void aStoreThatAnswersAtOnceDoesNotNest() {
    write(1, ROW_BYTES);
    List<CompletionStage<AsyncResultSet>> many = write(20_000, 2 * GROUP_BYTES);
    answering = true;
    sent.get(0).answer().complete(DONE);
    many.forEach(row -> assertSame(DONE, row.toCompletableFuture().join()));
    assertEquals(20_001, sent.size());
  }

  private GroupCommit with(int groupsMax) {
    return new GroupCommit(
        this::store,
        new GroupCommit.Bounds(groupsMax, 5, GROUP_BYTES, SLOW, ALONE),
        () -> nowNanos,
        (delay, task) -> alarms.add(task));
  }

  private CompletionStage<AsyncResultSet> store(Statement<?> statement) {
    if (throwing) {
      throw lost;
    }
    Sent request = new Sent(statement, new CompletableFuture<>());
    sent.add(request);
    if (answering) {
      request.answer().complete(DONE);
    }
    return request.answer();
  }

  private List<CompletionStage<AsyncResultSet>> write(int rows, int bytes) {
    List<CompletionStage<AsyncResultSet>> written = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      written.add(commit.write(row(bytes, "journal")));
    }
    return written;
  }

  private List<Integer> rowsSent() {
    return sent.stream().map(Sent::rows).toList();
  }

  private static Throwable failure(CompletionStage<?> stage) {
    CompletionException e =
        assertThrows(CompletionException.class, () -> stage.toCompletableFuture().join());
    Throwable cause = e.getCause();
    return cause == null ? e : cause;
  }

  private static BoundStatement row(int bytes, String profile) {
    return fakeRow(bytes, Map.of("getExecutionProfileName", profile));
  }

  private static BoundStatement fakeRow(int bytes, Map<String, Object> own) {
    Map<String, Object> answers = new HashMap<>();
    answers.put("getValues", List.of(ByteBuffer.allocate(bytes)));
    answers.put("getCustomPayload", Map.of());
    answers.put("isTracing", false);
    answers.put("getQueryTimestamp", Statement.NO_DEFAULT_TIMESTAMP);
    answers.put("getNowInSeconds", Statement.NO_NOW_IN_SECONDS);
    answers.putAll(own);
    return fake(BoundStatement.class, answers);
  }

  /** Answers with what is given, and with null otherwise. */
  private static <T> T fake(Class<T> type, Map<String, Object> answers) {
    Object made =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answers.get(method.getName()));
    return type.cast(made);
  }
}
