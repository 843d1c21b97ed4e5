package io.sterna.loadgen.run;

import io.sterna.loadgen.table.TableWatch;
import io.sterna.protocol.RangePosition;

/**
 * Watches the table of an element that nobody waits for: only what goes back counts.
 *
 * @param ledger where that is written down
 */
record Onlooker(Ledger ledger) implements TableWatch {
  @Override
  public boolean isNew(RangePosition next) {
    return false;
  }

  @Override
  public void advanced(int vm, int fromVersion, int toVersion) {}

  @Override
  public void moved(RangePosition from, RangePosition to) {}

  @Override
  public void wentBack(String what) {
    ledger.wentBack(what);
  }
}
