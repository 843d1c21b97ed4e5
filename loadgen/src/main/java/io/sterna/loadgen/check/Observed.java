package io.sterna.loadgen.check;

import io.sterna.loadgen.schedule.Vms;
import io.sterna.loadgen.table.FeTable;
import java.util.List;

/**
 * What was seen from outside.
 *
 * @param vms the VMs
 * @param tables what each element has heard
 * @param acknowledged what was acknowledged
 * @param wentBack everything that was seen to go back, and how often
 */
public record Observed(
    Vms vms, List<FeTable> tables, Acknowledged acknowledged, Violations wentBack) {
  public Observed {
    tables = List.copyOf(tables);
  }
}
