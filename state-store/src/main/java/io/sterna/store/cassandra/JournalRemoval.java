package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.sterna.protocol.RangeId;

/**
 * Removes archived rows from the journal. Blocks; for threads that may.
 *
 * <p>The last row of each partition stays, beside its copy in the archive. Akka's plugin looks for
 * the highest number partition by partition, and stops where two have no row: an owner that for
 * want of a snapshot begins at the first row would take the range for a new one. As it is, it finds
 * a hole, and does not start.
 */
final class JournalRemoval {
  private final CqlSession session;
  private final PreparedStatement delete;

  JournalRemoval(CqlSession session, String keyspace) {
    this.session = session;
    this.delete =
        session.prepare(
            "DELETE FROM "
                + keyspace
                + ".messages USING TIMESTAMP ? WHERE persistence_id = ? AND partition_nr = ?"
                + " AND sequence_nr >= ? AND sequence_nr <= ?");
  }

  /** Whether a row of this number stays for ever. */
  static boolean stays(long number) {
    return number % JournalReader.PARTITION_ROWS == 0;
  }

  /**
   * Removes rows: one tombstone for each partition, however many rows.
   *
   * @param writtenBeforeMicros rows that were written later stay: nobody has looked at them
   */
  void remove(RangeId range, long first, long last, long writtenBeforeMicros) {
    for (long partition = JournalReader.partition(first);
        partition <= JournalReader.partition(last);
        partition++) {
      long from = Math.max(first, partition * JournalReader.PARTITION_ROWS + 1);
      long to = Math.min(last, (partition + 1) * JournalReader.PARTITION_ROWS - 1);
      if (from <= to) {
        session.execute(
            delete.bind(
                writtenBeforeMicros, JournalReader.persistenceId(range), partition, from, to));
      }
    }
  }
}
