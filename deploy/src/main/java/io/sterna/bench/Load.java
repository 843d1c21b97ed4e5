package io.sterna.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.lab.LabException;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Emulated elements put load on one controller.
 *
 * @param plan the load
 * @param sync what a write has survived that Cassandra acknowledged
 */
record Load(LoadPlan plan, CommitLogSync sync) implements Experiment<Load.Found> {
  /**
   * What a run found.
   *
   * @param result the document of {@code sterna load run}
   * @param conditions under which
   */
  record Found(JsonNode result, Map<String, Object> conditions) {
    /** A number of the document. */
    double number(String... path) {
      JsonNode node = result;
      for (String field : path) {
        node = node.path(field);
      }
      return node.isNumber() ? node.doubleValue() : Double.NaN;
    }

    /** Changes that ranges commit together: each element hears of a row as one delta. */
    double changesPerRow() {
      return number("counts", "accepted") * number("scenario", "fes") / number("counts", "deltas");
    }

    /** Changes a second that were accepted and that all elements have installed: the fewer. */
    double perSecondAtAll() {
      return Math.min(number("acceptedPerSecond"), number("installedPerSecond"));
    }

    /** Processor time of a process while it measured, in microseconds per accepted change. */
    double cpuMicrosPerChange(String process) {
      double changes = number("acceptedPerSecond") * number("measuredSeconds");
      return number("cpuSeconds", process) * TimeUnit.SECONDS.toMicros(1) / changes;
    }
  }

  @Override
  public Found run(Bench bench) throws LabException {
    TestbedPlan testbedPlan = new TestbedPlan(plan.fes(), plan.vms(), plan.window(), sync);
    return Testbed.during(bench, testbedPlan, testbed -> measure(bench, testbed, plan));
  }

  /** Carries out a load on a testbed that stands. */
  static Found measure(Bench bench, Testbed testbed, LoadPlan plan) throws LabException {
    return measure(bench, testbed, plan, Optional.empty());
  }

  /** The same, watched. */
  static Found measure(
      Bench bench, Testbed testbed, LoadPlan plan, Optional<LoadGenerator.Watch> watch)
      throws LabException {
    JsonNode result = new LoadGenerator(testbed, bench.progress(), watch).run(plan);
    Map<String, Object> conditions = bench.conditions();
    conditions.putAll(testbed.conditions());
    conditions.putAll(plan.conditions());
    Found found = new Found(result, conditions);
    describe(found);
    return found;
  }

  private static void describe(Found found) {
    Map<String, Object> conditions = found.conditions();
    conditions.put("seconds", Figure.rounded(found.number("measuredSeconds")));
    conditions.put("changes_per_second", Figure.rounded(found.number("acceptedPerSecond")));
    conditions.put("installed_per_second", Figure.rounded(found.number("installedPerSecond")));
    conditions.put("changes_per_row", Figure.rounded(found.changesPerRow()));
    for (Map.Entry<String, JsonNode> each : found.result().path("cpuSeconds").properties()) {
      String process = each.getKey();
      conditions.put(
          "cpu_us_per_change_" + process, Figure.rounded(found.cpuMicrosPerChange(process)));
    }
  }
}
