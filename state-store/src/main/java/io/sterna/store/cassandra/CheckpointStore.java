package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.sterna.store.audit.Checkpoint;
import java.util.Iterator;
import java.util.NoSuchElementException;
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
        JournalReader.prepared(
            session,
            "INSERT INTO "
                + table
                + " (part, number, checkpoint, signature) VALUES (?, ?, ?, ?) IF NOT EXISTS");
    this.read =
        JournalReader.prepared(
            session, "SELECT checkpoint, signature FROM " + table + " WHERE part = ?");
    this.newest =
        JournalReader.prepared(
            session,
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
    return JournalReader.answered(
        () ->
            session
                .execute(
                    insert.bind(
                        number / PARTITION_CHECKPOINTS,
                        number,
                        checkpoint.text(),
                        checkpoint.signature()))
                .wasApplied());
  }

  /** The newest; empty if there is none. */
  public Optional<Checkpoint> newest() {
    Row found = null;
    for (long part = 0; ; part++) {
      BoundStatement query = newest.bind(part).setConsistencyLevel(ConsistencyLevel.SERIAL);
      Row row = JournalReader.await(session.executeAsync(query)).one();
      if (row == null) {
        return Optional.ofNullable(found).map(CheckpointStore::checkpoint);
      }
      found = row;
    }
  }

  /** All of them, in the order of their numbers, page by page. */
  public void forEach(Consumer<Checkpoint> each) {
    all().forEachRemaining(each);
  }

  /** All of them, in the order of their numbers, page by page as they are taken. */
  public Iterator<Checkpoint> all() {
    return new All();
  }

  private static Checkpoint checkpoint(Row row) {
    String text = row.getString(0);
    String signature = row.getString(1);
    return new Checkpoint(text == null ? "" : text, signature == null ? "" : signature);
  }

  /** Part after part, up to the first that is empty. */
  private final class All implements Iterator<Checkpoint> {
    private Iterator<Row> rows = rowsOf(0);
    private long part;

    @Override
    public boolean hasNext() {
      if (JournalReader.answered(rows::hasNext)) {
        return true;
      }
      if (part < 0) {
        return false;
      }
      part++;
      rows = rowsOf(part);
      if (!rows.hasNext()) {
        part = -1;
      }
      return rows.hasNext();
    }

    @Override
    public Checkpoint next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return checkpoint(rows.next());
    }

    private Iterator<Row> rowsOf(long wanted) {
      return JournalReader.answered(() -> session.execute(read.bind(wanted)).iterator());
    }
  }
}
