package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.sterna.store.audit.Checkpoint;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps signed checkpoints beside the journal. Blocks; for threads that may. */
public final class CheckpointStore {
  static final long PARTITION_CHECKPOINTS = 10_000;

  private final CqlSession session;
  private final PreparedStatement insert;
  private final PreparedStatement read;
  private final PreparedStatement newest;

  /** Prepares the statements. */
  public CheckpointStore(CqlSession session, String keyspace) {
    this.session = session;
    String table = keyspace + ".audit_checkpoints";
    this.insert =
        session.prepare(
            "INSERT INTO "
                + table
                + " (part, number, checkpoint, signature) VALUES (?, ?, ?, ?) IF NOT EXISTS");
    this.read = session.prepare("SELECT checkpoint, signature FROM " + table + " WHERE part = ?");
    this.newest =
        session.prepare(
            "SELECT checkpoint, signature FROM "
                + table
                + " WHERE part = ? ORDER BY number DESC LIMIT 1");
  }

  /**
   * Keeps the next one.
   *
   * @return false if there is one of this number already
   */
  public boolean append(long number, Checkpoint checkpoint) {
    return session
        .execute(
            insert.bind(
                number / PARTITION_CHECKPOINTS, number, checkpoint.text(), checkpoint.signature()))
        .wasApplied();
  }

  /** The newest; empty if there is none. */
  public Optional<Checkpoint> newest() {
    Row found = null;
    for (long part = 0; ; part++) {
      Row row =
          session.execute(newest.bind(part).setConsistencyLevel(ConsistencyLevel.SERIAL)).one();
      if (row == null) {
        return Optional.ofNullable(found).map(CheckpointStore::checkpoint);
      }
      found = row;
    }
  }

  /** All of them, in the order of their numbers, page by page. */
  public void forEach(Consumer<Checkpoint> each) {
    boolean any = true;
    for (long part = 0; any; part++) {
      any = false;
      for (Row row : session.execute(read.bind(part))) {
        any = true;
        each.accept(checkpoint(row));
      }
    }
  }

  private static Checkpoint checkpoint(Row row) {
    String text = row.getString(0);
    String signature = row.getString(1);
    return new Checkpoint(text == null ? "" : text, signature == null ? "" : signature);
  }
}
