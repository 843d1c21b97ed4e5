package io.sterna.loadgen.table;

/** Hears what happens to a table. */
public interface TableWatch {
  /** A VM's binding went from one version to a higher one. */
  void advanced(int vm, int fromVersion, int toVersion);

  /** Something went back that must never go back. */
  void wentBack(String what);
}
