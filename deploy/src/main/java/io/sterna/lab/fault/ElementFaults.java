package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.fault.Fault.Measured;
import io.sterna.lab.fault.FaultPlan.Node;
import io.sterna.protocol.ControllerId;
import java.time.Duration;
import java.util.List;

/** What breaks between controllers and elements, and an element itself. */
final class ElementFaults {
  private static final List<Node> ELEMENTS = List.of(FaultPlan.LOAD);
  private static final Duration CUT = Duration.ofSeconds(20);

  /** Elements connect again every 2 s at the least, then say where they are. */
  private static final Duration CONNECT_BOUND = Duration.ofSeconds(10);

  private ElementFaults() {}

  static List<Fault> all() {
    return List.of(
        FaultCatalog.steady(
            "elements-cut-one",
            "one controller is cut from all elements for 20 s",
            false,
            Measured.FROM_REMEDY,
            CONNECT_BOUND,
            ElementFaults::cutOne),
        FaultCatalog.steady(
            "elements-cut-all",
            "all controllers are cut from all elements for 20 s",
            false,
            Measured.FROM_REMEDY,
            CONNECT_BOUND,
            ElementFaults::cutAll));
  }

  private static void cutOne(FaultStage stage) throws LabException {
    ControllerId victim = stage.oldestFirst().get(1);
    stage.breaks(List.of(victim));
    stage.cut(List.of(FaultPlan.node(victim)), ELEMENTS);
    stage.pass(CUT);
    stage.heal();
  }

  private static void cutAll(FaultStage stage) throws LabException {
    stage.breaks();
    stage.cut(FaultPlan.nodesOf(FaultPlan.controllers()), ELEMENTS);
    stage.pass(CUT);
    stage.heal();
  }
}
