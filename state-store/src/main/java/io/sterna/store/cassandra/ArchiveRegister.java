package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.archive.Archived;
import io.sterna.store.archive.Stretch;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What is archived, beside the journal. Of each range the stretches follow each other from its
 * first row on: one is entered by a lightweight transaction under the number of its first row,
 * before any row of it is removed, and nothing is ever taken out. So of two that archive at once
 * one wins, whatever each of them knew. Blocks; for threads that may.
 */
public final class ArchiveRegister {
  private static final String COLUMNS =
      "first_row, last_row, rows, previous, hash, file, sha256, bytes, removed";

  private final CqlSession session;
  private final PreparedStatement insert;
  private final PreparedStatement all;
  private final PreparedStatement before;
  private final PreparedStatement remove;

  /** Prepares the statements. */
  public ArchiveRegister(CqlSession session, String keyspace) {
    this.session = session;
    String table = keyspace + ".audit_archive";
    this.insert =
        JournalReader.prepared(
            session,
            "INSERT INTO "
                + table
                + " (range, "
                + COLUMNS
                + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, false) IF NOT EXISTS");
    String select = "SELECT " + COLUMNS + " FROM " + table + " WHERE range = ?";
    this.all = JournalReader.prepared(session, select);
    this.before =
        JournalReader.prepared(
            session, select + " AND first_row <= ? ORDER BY first_row DESC LIMIT 1");
    this.remove =
        JournalReader.prepared(
            session,
            "UPDATE "
                + table
                + " SET removed = true WHERE range = ? AND first_row = ? IF sha256 = ?");
  }

  /** All files of a range, in the order of their rows. */
  public List<Archived> all(RangeId range) {
    return JournalReader.answered(
        () -> {
          List<Archived> found = new ArrayList<>();
          for (Row row : session.execute(all.bind(range.toString()))) {
            found.add(archived(range, row));
          }
          return found;
        });
  }

  /** The file that a row is in; empty if it is not archived. */
  public Optional<Archived> covering(RangeId range, long number) {
    BoundStatement query = before.bind(range.toString(), number);
    Row row = JournalReader.await(session.executeAsync(query)).one();
    return Optional.ofNullable(row)
        .map(each -> archived(range, each))
        .filter(each -> each.covers(number));
  }

  /**
   * Enters a file.
   *
   * @return false if somebody has entered another that begins with the same row
   */
  public boolean enter(Archived archived) {
    Stretch stretch = archived.stretch();
    boolean applied =
        JournalReader.await(
                session.executeAsync(
                    insert.bind(
                        stretch.range().toString(),
                        stretch.first(),
                        stretch.last(),
                        stretch.rows(),
                        stretch.previous().toString(),
                        stretch.hash().toString(),
                        archived.file(),
                        archived.sha256(),
                        archived.bytes())))
            .wasApplied();
    return applied
        || covering(stretch.range(), stretch.first())
            .filter(each -> each.sha256().equals(archived.sha256()))
            .isPresent();
  }

  /** Says that the rows of a file are not in the journal any more. */
  public void removed(Archived archived) {
    JournalReader.await(
        session.executeAsync(
            remove.bind(
                archived.range().toString(), archived.stretch().first(), archived.sha256())));
  }

  private static Archived archived(RangeId range, Row row) {
    Stretch stretch =
        new Stretch(
            range,
            row.getLong("first_row"),
            row.getLong("last_row"),
            row.getLong("rows"),
            hash(row, "previous"),
            hash(row, "hash"));
    return new Archived(
        stretch,
        text(row, "file"),
        text(row, "sha256"),
        row.getLong("bytes"),
        row.getBoolean("removed"));
  }

  private static ChainHash hash(Row row, String column) {
    return ChainHash.ofBytes(HexFormat.of().parseHex(text(row, column)));
  }

  private static String text(Row row, String column) {
    String text = row.getString(column);
    return text == null ? "" : text;
  }
}
