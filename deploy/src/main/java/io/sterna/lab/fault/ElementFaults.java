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

  private static final Duration DOWN = Duration.ofSeconds(5);
  private static final Duration MINUTE = Duration.ofSeconds(60);
  private static final int CHANGED_MIN = 10_000;

  /** It starts, connects, takes snapshots and writes its kernel's table. */
  private static final Duration CATCH_UP_BOUND = Duration.ofSeconds(20);

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
            ElementFaults::cutAll),
        new Fault(
            "agent-kill",
            "a real forwarding element is killed while claims flow, and started again",
            false,
            LoadShape.STEADY,
            Measured.CAUGHT_UP,
            CATCH_UP_BOUND,
            ElementFaults::agentKilled),
        new Fault(
            "agent-cut",
            "a real forwarding element is cut off for a minute while 10,000 bindings change",
            false,
            LoadShape.EVERYBODY_MOVES,
            Measured.CAUGHT_UP,
            CATCH_UP_BOUND,
            ElementFaults::agentCut));
  }

  private static void agentKilled(FaultStage stage) throws LabException {
    RealElement agent = RealElement.started(stage);
    stage.breaks();
    stage.lab().processes().kill(FaultPlan.AGENT.name());
    stage.pass(DOWN);
    stage.lab().startAgent();
    stage.isMended();
    agent.awaitCaughtUp();
    agent.compareWhenQuiet();
  }

  private static void agentCut(FaultStage stage) throws LabException {
    RealElement agent = RealElement.started(stage);
    stage.breaks();
    stage.cut(FaultPlan.nodesOf(FaultPlan.controllers()), List.of(FaultPlan.AGENT));
    long cutNanos = System.nanoTime();
    stage.pass(MINUTE);
    int changed = stage.service().vmsBetween(cutNanos, System.nanoTime());
    if (changed < CHANGED_MIN) {
      stage.problem("only " + changed + " bindings changed while it was cut off");
    }
    stage.heal();
    agent.awaitCaughtUp();
    agent.compareWhenQuiet();
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
