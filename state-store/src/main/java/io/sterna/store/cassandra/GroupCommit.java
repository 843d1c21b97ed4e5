package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: rows that come while others are under way wait, and leave together as one request.
 * A request costs much the same whether it carries one small row or thirty, here and in Cassandra;
 * so what a row costs falls with the load, and without load nobody waits.
 *
 * <pre>
 * a row comes      a slot is free    -> it leaves at once
 *                  none is           -> it waits
 * a group returns  written           -> its rows are told; those that wait are the next group
 *                  refused as wrong  -> nothing was written: each row again, alone; smaller groups
 *                  anything else     -> nobody knows of any of its rows; rows leave alone for a while
 * a group is slow                    -> it holds no slot any more
 * </pre>
 *
 * <p>An unlogged batch writes each row as if it had come alone: a part may be written, and its
 * failure does not say which. Each row's writer hears that failure, as it would of a request of its
 * own. A row whose part of the store does not answer so takes others with it, once: after that rows
 * leave alone until nothing has failed for a while, and those whose part answers are written.
 *
 * <p>Thread-safe. What is waiting is bounded by its writers: each has one row under way.
 */
final class GroupCommit {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  /** What Cassandra counts of a row beside its values, rounded up: timestamps, names, the key. */
  private static final int ROW_OVERHEAD_BYTES = 256;

  private final Function<Statement<?>, CompletionStage<AsyncResultSet>> store;
  private final Bounds bounds;
  private final LongSupplier nanoTime;
  private final Alarm alarm;
  private final Deque<Row> waiting = new ArrayDeque<>();

  /** The groups that hold a slot, the oldest first. */
  private final Deque<Group> underWay = new ArrayDeque<>();

  private int bytesMax;
  private boolean leaving;
  private boolean alarmSet;
  private boolean closed;
  private boolean alone;
  private long aloneSinceNanos;

  /**
   * How much goes together.
   *
   * @param groupsMax groups under way
   * @param rowsMax rows of a group
   * @param bytesMax of a group, as Cassandra counts; a larger row leaves alone
   * @param slowAfter a group that takes longer keeps nobody waiting
   * @param aloneAfterFailure for how long rows leave alone after a failure
   */
  record Bounds(
      int groupsMax, int rowsMax, int bytesMax, Duration slowAfter, Duration aloneAfterFailure) {}

  /** Runs something later, on any thread. */
  interface Alarm {
    void after(Duration delay, Runnable task);
  }

  private static final class Row {
    final BoundStatement statement;
    final int bytes;
    final CompletableFuture<AsyncResultSet> written = new CompletableFuture<>();
    boolean alone;

    Row(BoundStatement statement) {
      this.statement = statement;
      this.bytes = bytesOf(statement);
    }
  }

  private record Group(List<Row> rows, long sentNanos) {
    // As an object: two groups are never the same.
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  /**
   * Group commit in front of a store.
   *
   * @param store writes one statement, a row or a batch of rows
   */
  GroupCommit(
      Function<Statement<?>, CompletionStage<AsyncResultSet>> store,
      Bounds bounds,
      LongSupplier nanoTime,
      Alarm alarm) {
    this.store = store;
    this.bounds = bounds;
    this.nanoTime = nanoTime;
    this.alarm = alarm;
    this.bytesMax = bounds.bytesMax();
  }

  /** Writes a row, together with others if a group is under way. */
  CompletionStage<AsyncResultSet> write(BoundStatement statement) {
    if (!isPlain(statement)) {
      return store.apply(statement);
    }
    Row row = new Row(statement);
    synchronized (this) {
      waiting.add(row);
    }
    leave();
    return row.written;
  }

  /** The store is being closed: whatever waits, or comes, is for the store to refuse, at once. */
  void close() {
    synchronized (this) {
      closed = true;
    }
    leave();
  }

  /** Sends groups while there are slots; never nested, however fast the store answers. */
  private void leave() {
    while (true) {
      Group group;
      synchronized (this) {
        group = leaving ? null : take();
        if (group == null) {
          return;
        }
        leaving = true;
      }
      try {
        send(group);
      } finally {
        synchronized (this) {
          leaving = false;
        }
      }
    }
  }

  private @Nullable Group take() {
    long nowNanos = nanoTime.getAsLong();
    alone = alone && nowNanos - aloneSinceNanos < bounds.aloneAfterFailure().toNanos();
    while (!underWay.isEmpty()
        && nowNanos - underWay.element().sentNanos() > bounds.slowAfter().toNanos()) {
      underWay.remove();
    }
    Row first = next();
    if (first == null) {
      return null;
    }
    if (!alone && !closed && underWay.size() >= bounds.groupsMax()) {
      setAlarm();
      return null;
    }
    waiting.remove();
    Group group = new Group(rowsWith(first), nowNanos);
    underWay.add(group);
    return group;
  }

  private List<Row> rowsWith(Row first) {
    if (alone || first.alone || waiting.isEmpty()) {
      return List.of(first);
    }
    List<Row> rows = new ArrayList<>(Math.min(waiting.size() + 1, bounds.rowsMax()));
    rows.add(first);
    int bytes = first.bytes;
    String profile = first.statement.getExecutionProfileName();
    while (rows.size() < bounds.rowsMax()) {
      Row row = next();
      if (row == null
          || row.alone
          || bytes + row.bytes > bytesMax
          || !Objects.equals(profile, row.statement.getExecutionProfileName())) {
        break;
      }
      waiting.remove();
      bytes += row.bytes;
      rows.add(row);
    }
    return rows;
  }

  /** The first that waits, and still wants to be written. */
  private @Nullable Row next() {
    Row row = waiting.peek();
    while (row != null && row.written.isDone()) {
      waiting.remove();
      row = waiting.peek();
    }
    return row;
  }

  private void setAlarm() {
    if (!alarmSet) {
      alarmSet = true;
      alarm.after(bounds.slowAfter(), this::onAlarm);
    }
  }

  private void onAlarm() {
    synchronized (this) {
      alarmSet = false;
    }
    leave();
  }

  private void send(Group group) {
    CompletionStage<AsyncResultSet> answer;
    try {
      answer = store.apply(statementOf(group.rows()));
    } catch (RuntimeException | Error e) {
      answer = CompletableFuture.failedFuture(e);
    }
    answer.whenComplete((result, failure) -> onAnswer(group, result, failure));
  }

  private void onAnswer(Group group, @Nullable AsyncResultSet result, @Nullable Throwable failure) {
    if (failure == null) {
      free(group);
      leave();
      group.rows().forEach(row -> row.written.complete(result));
      return;
    }
    Throwable cause = unwrap(failure);
    if (cause instanceof InvalidQueryException && group.rows().size() > 1) {
      writeApart(group, cause);
    } else {
      mistrust(group);
      group.rows().forEach(row -> row.written.completeExceptionally(cause));
    }
    leave();
  }

  private synchronized void free(Group group) {
    underWay.remove(group);
  }

  /** Cassandra looks at the size of a batch before it writes any of it. */
  private synchronized void writeApart(Group group, Throwable why) {
    underWay.remove(group);
    int bytes = group.rows().stream().mapToInt(row -> row.bytes).sum();
    bytesMax = Math.min(bytesMax, bytes / 2);
    LOG.info("Cassandra refuses {} bytes in one request, smaller ones follow: {}", bytes, why);
    for (int i = group.rows().size() - 1; i >= 0; i--) {
      Row row = group.rows().get(i);
      row.alone = true;
      waiting.addFirst(row);
    }
  }

  private synchronized void mistrust(Group group) {
    underWay.remove(group);
    alone = true;
    aloneSinceNanos = nanoTime.getAsLong();
  }

  private static Statement<?> statementOf(List<Row> rows) {
    BoundStatement first = rows.get(0).statement;
    if (rows.size() == 1) {
      return first;
    }
    BatchStatementBuilder batch = BatchStatement.builder(BatchType.UNLOGGED);
    for (Row row : rows) {
      batch.addStatement(row.statement);
    }
    String profile = first.getExecutionProfileName();
    return profile == null ? batch.build() : batch.setExecutionProfileName(profile).build();
  }

  /** Whether everything that is asked for with the row is in its execution profile. */
  private static boolean isPlain(BoundStatement statement) {
    return statement.getExecutionProfile() == null
        && statement.getConsistencyLevel() == null
        && statement.getSerialConsistencyLevel() == null
        && statement.getTimeout() == null
        && statement.isIdempotent() == null
        && statement.getNode() == null
        && !statement.isTracing()
        && statement.getCustomPayload().isEmpty()
        && statement.getQueryTimestamp() == Statement.NO_DEFAULT_TIMESTAMP
        && statement.getNowInSeconds() == Statement.NO_NOW_IN_SECONDS;
  }

  private static int bytesOf(BoundStatement statement) {
    int bytes = ROW_OVERHEAD_BYTES;
    List<@Nullable ByteBuffer> values = statement.getValues();
    for (ByteBuffer value : values) {
      bytes += value == null ? 0 : value.remaining();
    }
    return bytes;
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
