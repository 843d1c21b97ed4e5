package io.sterna.loadgen.table;

/** What a table made of something a controller said about a range. */
public enum Heard {
  /** It led further; the position is the new one. */
  APPLIED,
  /** A part of a snapshot; more is to come. */
  INCOMPLETE,
  /** Where the table is already. */
  DUPLICATE,
  /** A lower epoch, or a revision that was passed: dropped. */
  OLD,
  /** It does not continue what is held: the range has to be asked for. */
  GAP,
  /** A range that no welcome named: dropped. */
  UNKNOWN
}
