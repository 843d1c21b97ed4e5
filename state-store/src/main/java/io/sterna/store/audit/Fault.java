package io.sterna.store.audit;

import io.sterna.protocol.RangeId;

/**
 * Something that is wrong with the record of a range.
 *
 * @param firstRow the first row concerned
 * @param lastRow the last; rows between have the same fault
 * @param firstRevision the first change that is lost or in doubt by it
 * @param lastRevision the last; one below the first if none is
 * @param reason one line
 */
public record Fault(
    RangeId range,
    Kind kind,
    long firstRow,
    long lastRow,
    long firstRevision,
    long lastRevision,
    String reason) {
  /** What is wrong. */
  public enum Kind {
    /** The bytes of a row are not those that were written. */
    ALTERED,
    /** A row is not there any more. */
    MISSING,
    /** A row stands at another row's place. */
    DISPLACED,
    /** A row that its range never had. */
    FOREIGN,
    /** A row fits its place, but says what cannot be. */
    IMPOSSIBLE,
    /** The newest rows are gone: a signed checkpoint or a snapshot knows more than the journal. */
    CUT_OFF,
    /** The record is not the one that was signed: it was written anew. */
    REWRITTEN,
    /** A snapshot does not say what the rows say. */
    SNAPSHOT,
    /** A file of the archive is missing, was changed, or is not on record. */
    ARCHIVE
  }

  /** Like {@code 10.10.0.0/20 row 7, revision 12: ALTERED: ...}. */
  @Override
  public String toString() {
    String rows = firstRow == lastRow ? "row " + firstRow : "rows " + firstRow + " to " + lastRow;
    String revisions =
        lastRevision <= firstRevision
            ? "revision " + firstRevision
            : "revisions " + firstRevision + " to " + lastRevision;
    return "%s %s, %s: %s: %s".formatted(range, rows, revisions, kind, reason);
  }
}
