package io.sterna.loadgen.check;

import io.sterna.loadgen.table.FeTable;

/** After quiet, all elements hold the same. */
public final class Converges implements Check {
  @Override
  public Verdict judge(Observed observed) {
    Violations found = new Violations();
    FeTable first = observed.tables().get(0);
    for (FeTable other : observed.tables()) {
      if (!other.positions().equals(first.positions())) {
        found.add(other.owner() + " and " + first.owner() + " followed the ranges to other ends");
      }
      for (int vm = 0; vm < observed.vms().size(); vm++) {
        if (other.version(vm) != first.version(vm) || other.holder(vm) != first.holder(vm)) {
          found.add(
              "%s is at version %d for %s and at version %d for %s"
                  .formatted(
                      observed.vms().address(vm),
                      first.version(vm),
                      first.owner(),
                      other.version(vm),
                      other.owner()));
        }
      }
    }
    return found.verdict("Converges");
  }
}
