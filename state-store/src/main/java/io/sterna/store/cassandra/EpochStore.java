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
import java.util.function.BooleanSupplier;

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
  private final PreparedStatement release;

  /**
   * An epoch that was taken.
   *
   * @param epoch at least 1
   * @param vacant nobody acknowledges anything under an earlier epoch any more: there was none, or
   *     its owner released it
   */
  public record Taken(long epoch, boolean vacant) {}

  /** Who takes an epoch of what. */
  private record Taker(RangeId range, ControllerId controller, BooleanSupplier wanted) {}

  /** What a range's row says. */
  private record Seen(long epoch, boolean released) {}

  private EpochStore(
      CqlSession session,
      PreparedStatement read,
      PreparedStatement insert,
      PreparedStatement update,
      PreparedStatement release) {
    this.session = session;
    this.read = read;
    this.insert = insert;
    this.update = update;
    this.release = release;
  }

  /** Prepares the statements; the schema must exist. */
  public static CompletionStage<EpochStore> open(CqlSession session, String keyspace) {
    String table = keyspace + ".range_epochs";
    CompletionStage<PreparedStatement> read =
        session.prepareAsync("SELECT epoch, released FROM " + table + " WHERE range = ?");
    CompletionStage<PreparedStatement> insert =
        session.prepareAsync(
            "INSERT INTO "
                + table
                + " (range, epoch, controller, taken_at, released)"
                + " VALUES (?, ?, ?, toTimestamp(now()), false) IF NOT EXISTS");
    CompletionStage<PreparedStatement> update =
        session.prepareAsync(
            "UPDATE "
                + table
                + " SET epoch = ?, controller = ?, taken_at = toTimestamp(now()), released = false"
                + " WHERE range = ? IF epoch = ?");
    CompletionStage<PreparedStatement> release =
        session.prepareAsync(
            "UPDATE " + table + " SET released = true WHERE range = ? IF epoch = ?");
    return read.thenCompose(
        r ->
            insert.thenCompose(
                i ->
                    update.thenCompose(
                        u -> release.thenApply(l -> new EpochStore(session, r, i, u, l)))));
  }

  /**
   * Takes the next epoch of a range.
   *
   * @param wanted asked before each attempt, by any thread: who is not there any more must not take
   *     the range from its successor
   * @return fails with {@link EpochUnavailableException} if Cassandra did not answer, the race was
   *     lost too often, or the epoch is not wanted any more
   */
  public CompletionStage<Taken> acquire(
      RangeId range, ControllerId controller, BooleanSupplier wanted) {
    return acquire(new Taker(range, controller, wanted), ATTEMPTS_MAX);
  }

  /**
   * Whether this epoch is still the range's latest: false means that somebody else took it over.
   *
   * <p>A majority is asked, without a transaction: whoever was told before this began that it has a
   * later epoch, had that written by a majority. A transaction that is still under way is not
   * waited for: who began it is told later than this began, and that is all an owner relies on.
   *
   * @return fails with {@link EpochUnavailableException} if Cassandra did not answer
   */
  public CompletionStage<Boolean> validate(RangeId range, long epoch) {
    return session
        .executeAsync(read.bind(range.toString()).setConsistencyLevel(ConsistencyLevel.QUORUM))
        .handle(
            (result, failure) -> {
              if (failure != null) {
                throw new EpochUnavailableException(
                    "cannot validate epoch " + epoch + " of " + range, unwrap(failure));
              }
              return seen(result).epoch() == epoch;
            });
  }

  /**
   * Says that nothing will be acknowledged under an epoch any more, so that a successor need not
   * wait.
   *
   * @return whether the epoch was the latest; otherwise nothing changed
   */
  public CompletionStage<Boolean> release(RangeId range, long epoch) {
    return session
        .executeAsync(release.bind(range.toString(), epoch))
        .thenApply(AsyncResultSet::wasApplied);
  }

  private CompletionStage<Taken> acquire(Taker taker, int attempts) {
    return current(taker.range())
        .thenCompose(seen -> race(taker, seen, attempts))
        .handle((taken, failure) -> settle(taker, attempts, taken, failure))
        .thenCompose(stage -> stage);
  }

  /** Tries to be the one that follows an epoch; after a lost race, the one after that. */
  private CompletionStage<Taken> race(Taker taker, Seen seen, int attempts) {
    String range = taker.range().toString();
    if (!taker.wanted().getAsBoolean()) {
      return CompletableFuture.failedFuture(
          new EpochUnavailableException("an epoch of " + range + " is not wanted any more", null));
    }
    String controller = taker.controller().value();
    long next = seen.epoch() + 1;
    BoundStatement statement =
        seen.epoch() == NO_EPOCH
            ? insert.bind(range, next, controller)
            : update.bind(next, controller, range, seen.epoch());
    return session
        .executeAsync(statement)
        .thenCompose(
            result -> {
              if (result.wasApplied()) {
                boolean vacant = seen.epoch() == NO_EPOCH || seen.released();
                return CompletableFuture.completedFuture(new Taken(next, vacant));
              }
              if (attempts <= 1) {
                return CompletableFuture.failedFuture(
                    new EpochUnavailableException(
                        "lost the race for an epoch of " + range + " " + ATTEMPTS_MAX + " times",
                        null));
              }
              return acquire(taker, attempts - 1);
            });
  }

  /**
   * After a timeout nobody knows whether the transaction took place: read, and go on from there.
   */
  private CompletionStage<Taken> settle(Taker taker, int attempts, Taken taken, Throwable failure) {
    if (failure == null) {
      return CompletableFuture.completedFuture(taken);
    }
    Throwable cause = unwrap(failure);
    if (cause instanceof EpochUnavailableException) {
      return CompletableFuture.failedFuture(cause);
    }
    boolean mayPass =
        cause instanceof QueryExecutionException || cause instanceof DriverTimeoutException;
    if (mayPass && attempts > 1) {
      // Halved, because each of these may have cost a whole timeout.
      return acquire(taker, attempts / 2);
    }
    return CompletableFuture.failedFuture(
        new EpochUnavailableException("cannot take an epoch of " + taker.range(), cause));
  }

  /** A serial read also completes a transaction that its writer left behind. */
  private CompletionStage<Seen> current(RangeId range) {
    BoundStatement statement =
        read.bind(range.toString()).setConsistencyLevel(ConsistencyLevel.SERIAL);
    return session.executeAsync(statement).thenApply(EpochStore::seen);
  }

  private static Seen seen(AsyncResultSet result) {
    Row row = result.one();
    return row == null
        ? new Seen(NO_EPOCH, true)
        : new Seen(row.getLong("epoch"), row.getBoolean("released"));
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
