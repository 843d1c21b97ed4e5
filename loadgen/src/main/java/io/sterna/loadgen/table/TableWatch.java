package io.sterna.loadgen.table;

import io.sterna.protocol.RangePosition;

/** Hears what happens to tables. */
public interface TableWatch {
  /** Whether no table has been at this position: only then {@link #advanced} is called. */
  boolean isNew(RangePosition next);

  /** On its way to a new position, a VM's binding went from one version to a higher one. */
  void advanced(int vm, int fromVersion, int toVersion);

  /** A table went from one position of a range to another. */
  void moved(RangePosition from, RangePosition to);

  /** Something went back that must never go back. */
  void wentBack(String what);
}
