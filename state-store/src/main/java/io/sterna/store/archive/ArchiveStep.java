package io.sterna.store.archive;

/**
 * How far the archiving of a stretch has come. After each of these, whatever ends the process, the
 * next run goes on from there.
 */
public enum ArchiveStep {
  /** The rows are in a file of a temporary name, and on disk. */
  WRITTEN,
  /** The file has its name, and its folder is on disk. */
  PUBLISHED,
  /** It was read back, compared with the journal and its chain checked; it is on record. */
  REGISTERED,
  /** Some of the rows are gone from the journal; comes several times. */
  PARTLY_REMOVED,
  /** All are. */
  REMOVED,
  /** That is on record as well. */
  FINISHED
}
