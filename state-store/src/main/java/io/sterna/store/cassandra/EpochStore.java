package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.servererrors.QueryExecutionException;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Epochs of ranges: each acquisition gets a greater one than any before it, whoever asks and
 * however many at once (Cassandra's lightweight transactions decide). Epochs may skip: when the
 * outcome of a transaction is not known, the next one is taken.
 *
 * <p>Thread-safe; the session stays the caller's.
 */
public final class EpochStore {
  private static final int ATTEMPTS_MAX = 20;
  private static final long NO_EPOCH = 0;

  private final CqlSession session;
  private final PreparedStatement read;
  private final PreparedStatement insert;
  private final PreparedStatement update;

  private EpochStore(
      CqlSession session,
      PreparedStatement read,
      PreparedStatement insert,
      PreparedStatement update) {
    this.session = session;
    this.read = read;
    this.insert = insert;
    this.update = update;
  }

  /** Prepares the statements; the schema must exist. */
  public static CompletionStage<EpochStore> open(CqlSession session, String keyspace) {
    String table = keyspace + ".range_epochs";
    CompletionStage<PreparedStatement> read =
        session.prepareAsync("SELECT epoch FROM " + table + " WHERE range = ?");
    CompletionStage<PreparedStatement> insert =
        session.prepareAsync(
            "INSERT INTO "
                + table
                + " (range, epoch, controller, taken_at)"
                + " VALUES (?, ?, ?, toTimestamp(now())) IF NOT EXISTS");
    CompletionStage<PreparedStatement> update =
        session.prepareAsync(
            "UPDATE "
                + table
                + " SET epoch = ?, controller = ?, taken_at = toTimestamp(now())"
                + " WHERE range = ? IF epoch = ?");
    return read.thenCompose(
        r -> insert.thenCompose(i -> update.thenApply(u -> new EpochStore(session, r, i, u))));
  }

  /**
   * Takes the next epoch of a range, at least 1.
   *
   * @return fails with {@link EpochUnavailableException} if Cassandra did not answer, or the race
   *     was lost too often
   */
  public CompletionStage<Long> acquire(RangeId range, ControllerId controller) {
    return acquire(range, controller, ATTEMPTS_MAX);
  }

  /**
   * Whether this epoch is still the range's latest: false means that somebody else took it over.
   *
   * @return fails with {@link EpochUnavailableException} if Cassandra did not answer
   */
  public CompletionStage<Boolean> validate(RangeId range, long epoch) {
    return current(range)
        .handle(
            (current, failure) -> {
              if (failure != null) {
                throw new EpochUnavailableException(
                    "cannot validate epoch " + epoch + " of " + range, unwrap(failure));
              }
              return current == epoch;
            });
  }

  private CompletionStage<Long> acquire(RangeId range, ControllerId controller, int attempts) {
    return current(range)
        .thenCompose(seen -> race(range, controller, seen, attempts))
        .handle((epoch, failure) -> settle(range, controller, attempts, epoch, failure))
        .thenCompose(stage -> stage);
  }

  /** Tries to be the one that follows an epoch; a lost race tells which epoch to follow next. */
  private CompletionStage<Long> race(
      RangeId range, ControllerId controller, long seen, int attempts) {
    BoundStatement statement =
        seen == NO_EPOCH
            ? insert.bind(range.toString(), 1L, controller.value())
            : update.bind(seen + 1, controller.value(), range.toString(), seen);
    return session
        .executeAsync(statement)
        .thenCompose(
            result -> {
              if (result.wasApplied()) {
                return CompletableFuture.completedFuture(seen + 1);
              }
              if (attempts <= 1) {
                return CompletableFuture.failedFuture(
                    new EpochUnavailableException(
                        "lost the race for an epoch of " + range + " " + ATTEMPTS_MAX + " times",
                        null));
              }
              return race(range, controller, epochOf(result), attempts - 1);
            });
  }

  /**
   * After a timeout nobody knows whether the transaction took place: read, and go on from there.
   */
  private CompletionStage<Long> settle(
      RangeId range, ControllerId controller, int attempts, Long epoch, Throwable failure) {
    if (failure == null) {
      return CompletableFuture.completedFuture(epoch);
    }
    Throwable cause = unwrap(failure);
    if (cause instanceof EpochUnavailableException) {
      return CompletableFuture.failedFuture(cause);
    }
    boolean mayPass =
        cause instanceof QueryExecutionException || cause instanceof DriverTimeoutException;
    if (mayPass && attempts > 1) {
      // Halved, because each of these may have cost a whole timeout.
      return acquire(range, controller, attempts / 2);
    }
    return CompletableFuture.failedFuture(
        new EpochUnavailableException("cannot take an epoch of " + range, cause));
  }

  /** A serial read also completes a transaction that its writer left behind. */
  private CompletionStage<Long> current(RangeId range) {
    BoundStatement statement =
        read.bind(range.toString()).setConsistencyLevel(ConsistencyLevel.SERIAL);
    return session.executeAsync(statement).thenApply(EpochStore::epochOf);
  }

  private static long epochOf(AsyncResultSet result) {
    Row row = result.one();
    return row == null ? NO_EPOCH : row.getLong("epoch");
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
