package io.sterna.loadgen.check;

import io.sterna.loadgen.table.FeTable;

/** Every acknowledged claim is visible at every element, unless a newer one took its place. */
public final class NoAcknowledgedLoss implements Check {
  @Override
  public Verdict judge(Observed observed) {
    Violations found = new Violations();
    for (FeTable table : observed.tables()) {
      for (int vm = 0; vm < observed.vms().size(); vm++) {
        judge(observed, table, vm, found);
      }
    }
    return found.verdict("NoAcknowledgedLoss");
  }

  private static void judge(Observed observed, FeTable table, int vm, Violations found) {
    int version = observed.acknowledged().version(vm);
    int holder = observed.acknowledged().holder(vm);
    boolean lost = table.version(vm) < version;
    boolean other = version > 0 && table.version(vm) == version && table.holder(vm) != holder;
    if (lost || other) {
      found.add(
          "%s: %s is at version %d, element %d; acknowledged was version %d, element %d"
              .formatted(
                  table.owner(),
                  observed.vms().address(vm),
                  table.version(vm),
                  table.holder(vm) + 1,
                  version,
                  holder + 1));
    }
  }
}
