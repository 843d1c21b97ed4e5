package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.BatchableStatement;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.trial.Tampering.Place;
import io.sterna.store.trial.Tampering.Step;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Writes straight into the tables of a journal, past every controller: journals made by chance, and
 * what somebody does who tampers with them. For tests and benches only. Not thread-safe.
 */
public final class TrialJournal {
  private static final int UNDER_WAY_MAX = 16;

  /** Some hundred bytes each; Cassandra refuses batches of more than 50 KiB. */
  private static final int TOGETHER_MAX = 32;

  private static final String WHERE =
      " WHERE persistence_id = ? AND partition_nr = ? AND sequence_nr = ?";

  private final CqlSession session;
  private final PreparedStatement insert;
  private final PreparedStatement find;
  private final PreparedStatement update;
  private final PreparedStatement delete;
  private final PreparedStatement deleteOne;
  private final PreparedStatement snapshot;
  private final Deque<CompletionStage<AsyncResultSet>> underWay = new ArrayDeque<>();
  private final List<BatchableStatement<?>> together = new ArrayList<>();
  private @Nullable Partition partition;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  private record Partition(RangeId range, long number) {}

  /** Prepares the statements. */
  public TrialJournal(CqlSession session, String keyspace) {
    this.session = session;
    String messages = keyspace + ".messages";
    this.insert =
        session.prepare(
            "INSERT INTO "
                + messages
                + " (persistence_id, partition_nr, sequence_nr, timestamp, timebucket, writer_uuid,"
                + " ser_id, ser_manifest, event_manifest, event)"
                + " VALUES (?, ?, ?, ?, '0', 'trial', ?, ?, '', ?)");
    this.find = session.prepare("SELECT timestamp, event FROM " + messages + WHERE);
    this.update =
        session.prepare("UPDATE " + messages + " SET event = ?" + WHERE + " AND timestamp = ?");
    this.delete = session.prepare("DELETE FROM " + messages + WHERE);
    this.deleteOne = session.prepare("DELETE FROM " + messages + WHERE + " AND timestamp = ?");
    this.snapshot =
        session.prepare(
            "INSERT INTO "
                + keyspace
                + ".snapshots (persistence_id, sequence_nr, timestamp, ser_id, ser_manifest,"
                + " snapshot_data) VALUES (?, ?, 0, 7831001, 'snap', ?)");
  }

  /** Writes a row, some time until {@link #flush}: many of one partition together. */
  public void write(RangeId range, StoredRow row) {
    Partition here = new Partition(range, JournalReader.partition(row.number()));
    if (together.size() >= TOGETHER_MAX || !here.equals(partition)) {
      send();
    }
    partition = here;
    together.add(inserted(range, row.number(), row.bytes(), Uuids.timeBased()));
  }

  private void send() {
    if (together.isEmpty()) {
      return;
    }
    underWay.add(
        session.executeAsync(
            BatchStatement.newInstance(BatchType.UNLOGGED, List.copyOf(together))));
    together.clear();
    if (underWay.size() >= UNDER_WAY_MAX) {
      underWay.remove().toCompletableFuture().join();
    }
  }

  /** Writes a snapshot. */
  public void write(RangeId range, StoredSnapshot made) {
    session.execute(
        snapshot.bind(
            JournalReader.persistenceId(range), made.number(), ByteBuffer.wrap(made.bytes())));
  }

  /** Waits until all is written. */
  public void flush() {
    send();
    underWay.forEach(each -> each.toCompletableFuture().join());
    underWay.clear();
  }

  /**
   * Does one thing that nobody should.
   *
   * @param original what the snapshot there was, should it be one
   */
  public void apply(Step step, byte[] original) {
    if (step instanceof Step.Overwrite over) {
      overwrite(over.at(), over.bytes());
    } else if (step instanceof Step.Remove gone) {
      Row before = find(gone.at());
      ByteBuffer bytes = before.getByteBuffer(1);
      Place at = gone.at();
      session.execute(delete.bind(id(at), partition(at), at.number()));
      undo.push(
          () ->
              session.execute(inserted(at.range(), at.number(), array(bytes), Uuids.timeBased())));
    } else if (step instanceof Step.Add more) {
      UUID timestamp = Uuids.timeBased();
      Place at = more.at();
      session.execute(inserted(at.range(), at.number(), more.bytes(), timestamp));
      undo.push(
          () -> session.execute(deleteOne.bind(id(at), partition(at), at.number(), timestamp)));
    } else if (step instanceof Step.OverwriteSnapshot old) {
      write(old.at().range(), new StoredSnapshot(old.at().number(), old.bytes()));
      undo.push(() -> write(old.at().range(), new StoredSnapshot(old.at().number(), original)));
    }
  }

  /** Makes everything as it was. */
  public void undo() {
    while (!undo.isEmpty()) {
      undo.pop().run();
    }
  }

  private void overwrite(Place at, byte[] bytes) {
    Row before = find(at);
    UUID timestamp = before.getUuid(0);
    ByteBuffer old = before.getByteBuffer(1);
    session.execute(
        update.bind(ByteBuffer.wrap(bytes), id(at), partition(at), at.number(), timestamp));
    undo.push(
        () -> session.execute(update.bind(old, id(at), partition(at), at.number(), timestamp)));
  }

  private Row find(Place at) {
    Row row = session.execute(find.bind(id(at), partition(at), at.number())).one();
    if (row == null) {
      throw new IllegalStateException("no row at " + at);
    }
    return row;
  }

  private BoundStatement inserted(RangeId range, long number, byte[] bytes, UUID timestamp) {
    String[] format = StoredRow.FORMAT.split("/", -1);
    return insert.bind(
        JournalReader.persistenceId(range),
        JournalReader.partition(number),
        number,
        timestamp,
        Integer.parseInt(format[0]),
        format[1],
        ByteBuffer.wrap(bytes));
  }

  private static byte[] array(@Nullable ByteBuffer buffer) {
    if (buffer == null) {
      return new byte[0];
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static String id(Place at) {
    return JournalReader.persistenceId(at.range());
  }

  private static long partition(Place at) {
    return JournalReader.partition(at.number());
  }
}
