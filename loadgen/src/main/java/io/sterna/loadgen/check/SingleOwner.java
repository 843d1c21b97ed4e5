package io.sterna.loadgen.check;

import io.sterna.loadgen.table.FeTable;
import java.util.List;

/**
 * After quiet, exactly one element holds a bound address as its own. For tables of all elements
 * that anything is bound to, in the order of their numbers.
 */
public final class SingleOwner implements Check {
  @Override
  public Verdict judge(Observed observed) {
    Violations found = new Violations();
    List<FeTable> tables = observed.tables();
    for (int vm = 0; vm < observed.vms().size(); vm++) {
      int owners = 0;
      boolean bound = false;
      for (int fe = 0; fe < tables.size(); fe++) {
        int holder = tables.get(fe).holder(vm);
        bound |= holder != FeTable.NOWHERE;
        owners += holder == fe ? 1 : 0;
      }
      if (bound && owners != 1) {
        found.add("%s is held as their own by %d".formatted(observed.vms().address(vm), owners));
      }
    }
    return found.verdict("SingleOwner");
  }
}
