package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.NextRows;
import io.sterna.store.audit.RowSource;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the journal as it is stored, past Akka: whole ranges, page by page. Blocks; for threads
 * that may. Any number of threads may use one.
 *
 * <p>The tables are those of the plugin ({@link Schema}): rows of a range lie in partitions of
 * {@value #PARTITION_ROWS} numbers. One page is read ahead. The first is of few rows, as their size
 * is not known; the next are of as many as would make a mebibyte if they were like those before,
 * and of at most four times as many.
 */
public final class JournalReader implements RowSource {
  /** {@code target-partition-size}, which must never change. */
  static final long PARTITION_ROWS = 50_000;

  private static final int PAGE_ROWS_FIRST = 64;
  private static final int PAGE_ROWS_MAX = 5_000;
  private static final int PAGE_BYTES = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final CqlSession session;
  private final PreparedStatement page;
  private final PreparedStatement newest;
  private final PreparedStatement one;
  private final PreparedStatement snapshots;

  /** Cassandra did not answer. */
  public static final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }

    /** Without the names of classes, which what wraps a failure puts before it. */
    static String reason(Throwable failure) {
      Throwable first =
          failure instanceof ExecutionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      return first instanceof TimeoutException
          ? "no answer in time"
          : String.valueOf(first.getMessage());
    }
  }

  /** Prepares the statements. */
  public JournalReader(CqlSession session, String keyspace) {
    this.session = session;
    String rows = "SELECT sequence_nr, ser_id, ser_manifest, event FROM " + keyspace + ".messages";
    String partition = " WHERE persistence_id = ? AND partition_nr = ?";
    this.page = prepare(rows + partition + " AND sequence_nr >= ?");
    this.one = prepare(rows + partition + " AND sequence_nr = ?");
    this.newest = prepare(rows + partition + " ORDER BY sequence_nr DESC LIMIT 1");
    this.snapshots =
        prepare(
            "SELECT sequence_nr, snapshot_data FROM "
                + keyspace
                + ".snapshots WHERE persistence_id = ?");
  }

  @Override
  public Iterator<StoredRow> rows(RangeId range, long from) {
    return new Rows(persistenceId(range), Math.max(1, from));
  }

  /**
   * The next rows of some ranges, all asked for at once: those that are there now.
   *
   * @param from where to begin in each
   * @param rowsMax the most rows of each; fewer if there are no more without a gap
   */
  public Map<RangeId, List<StoredRow>> next(Map<RangeId, Long> from, int rowsMax) {
    Map<RangeId, CompletionStage<AsyncResultSet>> asked = new LinkedHashMap<>();
    from.forEach((range, number) -> asked.put(range, ask(range, number, rowsMax)));
    Map<RangeId, List<StoredRow>> found = new LinkedHashMap<>();
    asked.forEach(
        (range, answer) ->
            found.put(
                range,
                NextRows.across(
                    some(answer, rowsMax),
                    rowsMax,
                    // Where no partition ends there is nothing behind the last row.
                    (number, more) ->
                        partition(number) == partition(number - 1)
                            ? List.of()
                            : some(ask(range, number, more), more))));
    return found;
  }

  private CompletionStage<AsyncResultSet> ask(RangeId range, long number, int rowsMax) {
    return session.executeAsync(
        page.bind(persistenceId(range), partition(number), number)
            .setPageSize(rowsMax)
            .setConsistencyLevel(ConsistencyLevel.QUORUM)
            .setIdempotent(true));
  }

  private static List<StoredRow> some(CompletionStage<AsyncResultSet> answer, int rowsMax) {
    List<StoredRow> rows = new ArrayList<>();
    AsyncResultSet result = await(answer);
    while (true) {
      result.currentPage().forEach(row -> rows.add(stored(row)));
      if (rows.size() >= rowsMax || !result.hasMorePages()) {
        return rows;
      }
      result = await(result.fetchNextPage());
    }
  }

  @Override
  public List<StoredRow> at(RangeId range, long number) {
    List<StoredRow> found = new ArrayList<>();
    BoundStatement query = one.bind(persistenceId(range), partition(number), number);
    for (Row row : await(session.executeAsync(query)).currentPage()) {
      found.add(stored(row));
    }
    return found;
  }

  @Override
  public long lastNumber(RangeId range) {
    String id = persistenceId(range);
    long low = 0;
    long last = lastOf(id, 0);
    if (last == 0) {
      return 0;
    }
    long step = 1;
    while (true) {
      long found = lastOf(id, low + step);
      if (found > 0) {
        last = found;
        low += step;
        step *= 2;
      } else if (step == 1) {
        return last;
      } else {
        step /= 2;
      }
    }
  }

  @Override
  public long firstWhere(RangeId range, Predicate<StoredRow> holds) {
    return firstWhere(range, 1, holds);
  }

  /**
   * By halving.
   *
   * @param from the first row that is asked
   */
  long firstWhere(RangeId range, long from, Predicate<StoredRow> holds) {
    long low = from;
    long high = lastNumber(range) + 1;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(range, middle).stream().anyMatch(holds)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public Optional<StoredRow> newest(RangeId range) {
    long last = lastNumber(range);
    return last == 0 ? Optional.empty() : at(range, last).stream().findFirst();
  }

  @Override
  public List<StoredSnapshot> snapshots(RangeId range) {
    List<StoredSnapshot> found = new ArrayList<>();
    AsyncResultSet result = await(session.executeAsync(snapshots.bind(persistenceId(range))));
    while (true) {
      for (Row row : result.currentPage()) {
        found.add(new StoredSnapshot(row.getLong(0), bytes(row.getByteBuffer(1))));
      }
      if (!result.hasMorePages()) {
        return found;
      }
      result = await(result.fetchNextPage());
    }
  }

  static String persistenceId(RangeId range) {
    return "range|" + range;
  }

  static long partition(long number) {
    return (number - 1) / PARTITION_ROWS;
  }

  private long lastOf(String id, long partition) {
    Row row = await(session.executeAsync(newest.bind(id, partition))).one();
    return row == null ? 0 : row.getLong(0);
  }

  private PreparedStatement prepare(String cql) {
    return prepared(session, cql);
  }

  static PreparedStatement prepared(CqlSession session, String cql) {
    return await(session.prepareAsync(cql));
  }

  /** What several answers are needed for. */
  static <T> T answered(Supplier<T> question) {
    try {
      return question.get();
    } catch (DriverException e) {
      throw new UnavailableException(
          "Cassandra did not answer: " + UnavailableException.reason(e), e);
    }
  }

  static StoredRow stored(Row row) {
    String format = row.getInt(1) + "/" + row.getString(2);
    return new StoredRow(row.getLong(0), format, bytes(row.getByteBuffer(3)));
  }

  static byte[] bytes(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return new byte[0];
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while reading the journal", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new UnavailableException(
          "Cassandra did not answer: " + UnavailableException.reason(e), e);
    }
  }

  /** One page is read, the next is on its way. */
  private final class Rows implements Iterator<StoredRow> {
    private final String id;
    private final PartitionWalk walk;
    private int pageRows = PAGE_ROWS_FIRST;
    private Iterator<Row> current = List.<Row>of().iterator();
    private @Nullable CompletionStage<AsyncResultSet> coming;

    Rows(String id, long from) {
      this.id = id;
      this.walk = new PartitionWalk(from);
      this.coming = ask(null);
    }

    @Override
    public boolean hasNext() {
      while (!current.hasNext()) {
        if (coming == null) {
          return false;
        }
        turn(await(coming));
      }
      return true;
    }

    @Override
    public StoredRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return stored(current.next());
    }

    private void turn(AsyncResultSet result) {
      List<Row> rows = new ArrayList<>();
      result.currentPage().forEach(rows::add);
      if (!rows.isEmpty() && !walk.take(rows.get(rows.size() - 1).getLong(0))) {
        coming = ask(null);
        return;
      }
      current = rows.iterator();
      resize(rows);
      if (result.hasMorePages()) {
        coming = ask(result.getExecutionInfo().getPagingState());
        return;
      }
      coming = walk.next() ? ask(null) : null;
    }

    private void resize(List<Row> rows) {
      long bytes = 0;
      for (Row row : rows) {
        ByteBuffer event = row.getByteBuffer(3);
        bytes += event == null ? 0 : event.remaining();
      }
      if (bytes > 0) {
        long fit = (long) rows.size() * PAGE_BYTES / bytes;
        pageRows = (int) Math.min(PAGE_ROWS_MAX, Math.max(1, Math.min(fit, 4L * pageRows)));
      }
    }

    private CompletionStage<AsyncResultSet> ask(@Nullable ByteBuffer pagingState) {
      return session.executeAsync(
          page.bind(id, walk.partition(), walk.from())
              .setPageSize(pageRows)
              .setPagingState(pagingState)
              .setConsistencyLevel(ConsistencyLevel.QUORUM)
              .setIdempotent(true));
    }
  }
}
