package io.sterna.store.archive;

import io.sterna.protocol.RangeId;

/**
 * A stretch that is on record as archived.
 *
 * @param file its name in the folder
 * @param sha256 of the whole file, in hexadecimal
 * @param bytes the size of the file
 * @param removed whether the rows were removed from the journal, wholly; until then they are in
 *     both
 */
public record Archived(Stretch stretch, String file, String sha256, long bytes, boolean removed) {
  /** The range. */
  public RangeId range() {
    return stretch.range();
  }

  /** Whether a row of this number is in it. */
  public boolean covers(long number) {
    return stretch.first() <= number && number <= stretch.last();
  }
}
