package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who may found a cluster of controllers: whoever holds the charter, which at most one does
 * (Cassandra's lightweight transactions decide). It lapses by itself unless it is held anew within
 * {@link #TERM}. So a controller that finds nobody, because it is cut off or the others are slow,
 * does not found a second cluster beside the first.
 *
 * <p>Thread-safe; the session stays the caller's.
 */
public final class ClusterCharter {
  /** How long a charter is held without being held anew. */
  public static final Duration TERM = Duration.ofSeconds(10);

  private static final String NAME = "controllers";
  private static final int ATTEMPTS_MAX = 3;

  private final CqlSession session;
  private final String name;
  private final PreparedStatement read;
  private final PreparedStatement insert;
  private final PreparedStatement update;
  private final PreparedStatement delete;

  private ClusterCharter(
      CqlSession session,
      String name,
      PreparedStatement read,
      PreparedStatement insert,
      PreparedStatement update,
      PreparedStatement delete) {
    this.session = session;
    this.name = name;
    this.read = read;
    this.insert = insert;
    this.update = update;
    this.delete = delete;
  }

  /** Prepares the statements; the schema must exist. */
  public static CompletionStage<ClusterCharter> open(CqlSession session, String keyspace) {
    return open(session, keyspace, NAME);
  }

  /**
   * Opens the charter of something else of which there is to be one in the cluster.
   *
   * @param name of what
   */
  public static CompletionStage<ClusterCharter> open(
      CqlSession session, String keyspace, String name) {
    String table = keyspace + ".cluster_charter";
    long seconds = TERM.toSeconds();
    CompletionStage<PreparedStatement> read =
        session.prepareAsync("SELECT holder FROM " + table + " WHERE name = ?");
    CompletionStage<PreparedStatement> insert =
        session.prepareAsync(
            "INSERT INTO "
                + table
                + " (name, holder) VALUES (?, ?) IF NOT EXISTS USING TTL "
                + seconds);
    CompletionStage<PreparedStatement> update =
        session.prepareAsync(
            "UPDATE "
                + table
                + " USING TTL "
                + seconds
                + " SET holder = ? WHERE name = ? IF holder = ?");
    CompletionStage<PreparedStatement> delete =
        session.prepareAsync("DELETE FROM " + table + " WHERE name = ? IF holder = ?");
    return read.thenCompose(
        r ->
            insert.thenCompose(
                i ->
                    update.thenCompose(
                        u ->
                            delete.thenApply(d -> new ClusterCharter(session, name, r, i, u, d)))));
  }

  /**
   * Takes the charter if nobody holds it, or one of ours does; holds it anew if it is held already.
   *
   * @param self who holds it from now on
   * @param ours from whom it may be taken
   * @return who else holds it; empty if it is held by {@code self} now. Fails if Cassandra did not
   *     answer: then nobody knows
   */
  public CompletionStage<Optional<String>> hold(String self, Set<String> ours) {
    return hold(self, ours, ATTEMPTS_MAX);
  }

  /** Gives it up, so that whoever comes need not wait until it lapses. */
  public CompletionStage<Boolean> giveUp(String self) {
    return session.executeAsync(delete.bind(name, self)).thenApply(AsyncResultSet::wasApplied);
  }

  private CompletionStage<Optional<String>> hold(String self, Set<String> ours, int attempts) {
    return holder()
        .thenCompose(
            holder -> {
              boolean foreign = holder.map(h -> !h.equals(self) && !ours.contains(h)).orElse(false);
              if (foreign || attempts == 0) {
                // Lost to somebody again and again: whoever it is holds it.
                return CompletableFuture.completedFuture(holder);
              }
              BoundStatement statement =
                  holder.isEmpty()
                      ? insert.bind(name, self)
                      : update.bind(self, name, holder.get());
              return session
                  .executeAsync(statement)
                  .thenCompose(
                      result ->
                          result.wasApplied()
                              ? CompletableFuture.completedFuture(Optional.<String>empty())
                              : hold(self, ours, attempts - 1));
            });
  }

  /** Who holds it; empty if nobody does. Fails if Cassandra did not answer. */
  public CompletionStage<Optional<String>> holder() {
    BoundStatement statement = read.bind(name).setConsistencyLevel(ConsistencyLevel.SERIAL);
    return session
        .executeAsync(statement)
        .thenApply(
            result -> {
              Row row = result.one();
              return row == null ? Optional.empty() : Optional.ofNullable(row.getString("holder"));
            });
  }
}
