package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.Placed;
import io.sterna.store.audit.ShortCut;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Finds the newest snapshot that a replay may begin at ({@link ShortCut}): some milliseconds, two
 * questions more for each that does not stand. Never blocks.
 */
public final class SnapshotChoice {
  private final CqlSession session;
  private final PreparedStatement numbers;
  private final PreparedStatement snapshot;
  private final PreparedStatement rows;

  /**
   * Where a replay begins.
   *
   * @param number the row of the snapshot; 0 = no snapshot, at the first row
   * @param hash what that snapshot must say: by the time it is read it may be another one
   */
  public record Start(long number, ChainHash hash) {
    /** Without a snapshot. */
    public static final Start FIRST_ROW = new Start(0, ChainHash.GENESIS);
  }

  private SnapshotChoice(
      CqlSession session,
      PreparedStatement numbers,
      PreparedStatement snapshot,
      PreparedStatement rows) {
    this.session = session;
    this.numbers = numbers;
    this.snapshot = snapshot;
    this.rows = rows;
  }

  /** Prepares the statements. */
  public static CompletionStage<SnapshotChoice> open(CqlSession session, String keyspace) {
    String snapshots = keyspace + ".snapshots WHERE persistence_id = ?";
    CompletionStage<PreparedStatement> numbers =
        session.prepareAsync("SELECT sequence_nr FROM " + snapshots);
    CompletionStage<PreparedStatement> snapshot =
        session.prepareAsync("SELECT snapshot_data FROM " + snapshots + " AND sequence_nr = ?");
    CompletionStage<PreparedStatement> rows =
        session.prepareAsync(
            "SELECT sequence_nr, ser_id, ser_manifest, event FROM "
                + keyspace
                + ".messages WHERE persistence_id = ? AND partition_nr = ?"
                + " AND sequence_nr >= ? AND sequence_nr <= ?");
    return numbers.thenCompose(
        first ->
            snapshot.thenCombine(
                rows, (second, third) -> new SnapshotChoice(session, first, second, third)));
  }

  /** Of this range; to be asked when nobody acknowledges anything of an earlier epoch any more. */
  public CompletionStage<Start> of(RangeId range) {
    return of(range, Long.MAX_VALUE);
  }

  /** The same, of the snapshots with a number below this one. */
  public CompletionStage<Start> of(RangeId range, long below) {
    return all(numbers.bind(JournalReader.persistenceId(range)))
        .thenCompose(
            found -> {
              // Newest first.
              List<Long> wanted =
                  found.stream()
                      .map(row -> row.getLong(0))
                      .filter(number -> number < below)
                      .sorted((a, b) -> b.compareTo(a))
                      .toList();
              return newest(range, wanted);
            });
  }

  private CompletionStage<Start> newest(RangeId range, List<Long> wanted) {
    if (wanted.isEmpty()) {
      return CompletableFuture.completedStage(Start.FIRST_ROW);
    }
    long number = wanted.get(0);
    BoundStatement query = snapshot.bind(JournalReader.persistenceId(range), number);
    return all(query)
        .thenCombine(
            near(range, number),
            (found, near) -> found.stream().flatMap(r -> start(number, r, near)))
        .thenCompose(
            found ->
                found
                    .findFirst()
                    .<CompletionStage<Start>>map(CompletableFuture::completedStage)
                    .orElseGet(() -> newest(range, wanted.subList(1, wanted.size()))));
  }

  private static Stream<Start> start(long number, Row found, List<Placed> near) {
    try {
      RangeSnapshot said =
          new StoredSnapshot(number, JournalReader.bytes(found.getByteBuffer(0))).open();
      return ShortCut.stands(number, said, near)
          ? Stream.of(new Start(number, said.hash()))
          : Stream.empty();
    } catch (MalformedRecordException e) {
      return Stream.empty();
    }
  }

  private CompletionStage<List<Placed>> near(RangeId range, long number) {
    long from = ShortCut.from(number);
    long to = ShortCut.to(number);
    CompletionStage<List<Row>> found = rows(range, JournalReader.partition(from), from, to);
    if (JournalReader.partition(to) != JournalReader.partition(from)) {
      found =
          found.thenCombine(
              rows(range, JournalReader.partition(to), from, to),
              (here, next) -> Stream.concat(here.stream(), next.stream()).toList());
    }
    return found.thenApply(all -> all.stream().flatMap(SnapshotChoice::placed).toList());
  }

  private CompletionStage<List<Row>> rows(RangeId range, long partition, long from, long to) {
    return all(rows.bind(JournalReader.persistenceId(range), partition, from, to));
  }

  /** What cannot be read can confirm nothing. */
  private static Stream<Placed> placed(Row row) {
    try {
      return Stream.of(new Placed(row.getLong(0), JournalReader.stored(row).open()));
    } catch (MalformedRecordException e) {
      return Stream.empty();
    }
  }

  private CompletionStage<List<Row>> all(BoundStatement query) {
    BoundStatement sent = query.setConsistencyLevel(ConsistencyLevel.QUORUM).setIdempotent(true);
    return session.executeAsync(sent).thenCompose(page -> add(page, new ArrayList<>()));
  }

  private static CompletionStage<List<Row>> add(AsyncResultSet page, List<Row> to) {
    page.currentPage().forEach(to::add);
    return page.hasMorePages()
        ? page.fetchNextPage().thenCompose(next -> add(next, to))
        : CompletableFuture.completedStage(to);
  }
}
