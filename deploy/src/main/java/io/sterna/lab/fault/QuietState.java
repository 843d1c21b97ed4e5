package io.sterna.lab.fault;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.lab.LabException;
import io.sterna.lab.process.ControllerApi;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.loadgen.schedule.Vms;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the controllers hold when no claims flow any more, against what must hold: the record of
 * every range is whole, and elements hold what owners do. The load's own checks compare elements
 * with each other only.
 */
final class QuietState {
  private static final int EXAMPLES_MAX = 10;

  private final ControllerApi api;

  QuietState(ControllerApi api) {
    this.api = api;
  }

  /** What is wrong in what is stored of these ranges. */
  List<String> wrongInRecord(List<RangeId> ranges) throws LabException {
    return wrongInRecord(api.verified().orElseThrow(QuietState::silent), ranges);
  }

  /** What the elements of a load hold otherwise than the owners. */
  List<String> wrongInTables(Vms vms, List<FeTable> tables) throws LabException {
    return wrongInTables(
        vms, tables, FaultPlan.emulated(), api.bindings().orElseThrow(QuietState::silent));
  }

  private static LabException silent() {
    return new LabException("no controller answers");
  }

  static List<String> wrongInRecord(JsonNode verified, List<RangeId> ranges) {
    List<String> wrong = new ArrayList<>();
    if (verified.hasNonNull("error")) {
      wrong.add("the record was not read to its end: " + verified.get("error"));
    }
    for (JsonNode fault : verified.path("checkpoints").path("faults")) {
      wrong.add("a checkpoint: " + fault.asText());
    }
    Set<String> missing = new HashSet<>();
    ranges.forEach(range -> missing.add(range.toString()));
    for (JsonNode each : verified.path("ranges")) {
      String range = each.path("range").asText();
      missing.remove(range);
      if (!each.path("intact").asBoolean() || each.path("faultCount").asLong() > 0) {
        wrong.add("the record of " + range + " is not whole: " + each.path("faults"));
      }
    }
    missing.stream().sorted().forEach(range -> wrong.add(range + " has no record"));
    return wrong;
  }

  /**
   * @param elements who they are, in the order of the tables
   */
  static List<String> wrongInTables(
      Vms vms, List<FeTable> tables, List<FeId> elements, Map<IpAddress, Attachment> bindings) {
    List<String> wrong = new ArrayList<>();
    for (FeTable table : tables) {
      int differing = 0;
      for (int vm = 0; vm < vms.size(); vm++) {
        Attachment bound = bindings.get(vms.address(vm));
        if (!holds(table, vm, bound, elements)) {
          differing++;
          if (wrong.size() < EXAMPLES_MAX) {
            wrong.add(
                "%s: %s is at version %d, holder %d; its range says %s"
                    .formatted(
                        table.owner(),
                        vms.address(vm),
                        table.version(vm),
                        table.holder(vm) + 1,
                        bound));
          }
        }
      }
      if (differing > 0) {
        wrong.add(table.owner() + " holds " + differing + " VMs otherwise than their ranges");
      }
    }
    return wrong;
  }

  private static boolean holds(
      FeTable table, int vm, @Nullable Attachment bound, List<FeId> elements) {
    return bound == null
        ? table.version(vm) == 0
        : table.version(vm) == bound.version() && table.holder(vm) == elements.indexOf(bound.fe());
  }
}
