package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.RecordTail;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the latest epochs of all ranges at once, without a transaction: see {@link
 * EpochStore#validate} for why a majority is enough. Blocks; any number of threads may use one.
 */
public final class LatestEpochs {
  private final CqlSession session;
  private final PreparedStatement all;

  /** Prepares the statement. */
  public LatestEpochs(CqlSession session, String keyspace) {
    this.session = session;
    this.all =
        JournalReader.await(
            session.prepareAsync(
                "SELECT range, epoch, controller FROM " + keyspace + ".range_epochs"));
  }

  /** The latest epoch of each range that ever had one. */
  public Map<RangeId, RecordTail.Latest> read() {
    Map<RangeId, RecordTail.Latest> latest = new HashMap<>();
    AsyncResultSet result =
        JournalReader.await(
            session.executeAsync(
                all.bind().setConsistencyLevel(ConsistencyLevel.QUORUM).setIdempotent(true)));
    while (true) {
      for (Row row : result.currentPage()) {
        String controller = row.getString(2);
        latest.put(
            RangeId.parse(String.valueOf(row.getString(0))),
            new RecordTail.Latest(row.getLong(1), controller == null ? "" : controller));
      }
      if (!result.hasMorePages()) {
        return latest;
      }
      result = JournalReader.await(result.fetchNextPage());
    }
  }
}
