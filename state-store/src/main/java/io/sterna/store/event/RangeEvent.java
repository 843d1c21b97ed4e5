package io.sterna.store.event;

import io.sterna.protocol.ChainHash;

/**
 * One journal row of an address range. The rows of a range form a chain: each names the hash of the
 * row before it and its own.
 */
public sealed interface RangeEvent permits RangeActivated, RangeCommitted {
  /** The epoch of the owner that wrote the row; never falls from row to row. */
  long epoch();

  /** When the row was written, for people only: nothing is ever decided by it. */
  long atEpochMillis();

  /** The hash of the row before this one, {@link ChainHash#GENESIS} before the first. */
  ChainHash previousHash();

  /** The hash of this row. */
  ChainHash hash();

  /** The revision of the range after this row. */
  long lastRevision();
}
