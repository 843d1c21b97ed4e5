package io.sterna.cli;

/** How results are written. */
public enum OutputFormat {
  /** Columns for people. */
  TABLE,
  /** One JSON document for programs. */
  JSON,
  /** The columns, for spreadsheets. */
  CSV
}
