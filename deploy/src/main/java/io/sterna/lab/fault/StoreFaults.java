package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.fault.Fault.Measured;
import io.sterna.lab.fault.FaultPlan.Node;
import io.sterna.protocol.ControllerId;
import java.time.Duration;
import java.util.List;

/** What breaks between controllers and Cassandra, and Cassandra itself. */
final class StoreFaults {
  private static final List<Node> STORE = List.of(FaultPlan.STORE);
  private static final Duration CUT = Duration.ofSeconds(20);

  /** A request that was lost is noticed after 4 s, what failed is tried again within 5 s. */
  private static final Duration RETRY_BOUND = Duration.ofSeconds(10);

  private StoreFaults() {}

  static List<Fault> all() {
    return List.of(
        FaultCatalog.steady(
            "store-cut-one",
            "one controller is cut from Cassandra for 20 s",
            false,
            Measured.FROM_REMEDY,
            RETRY_BOUND,
            StoreFaults::cutOne),
        FaultCatalog.steady(
            "store-cut-all",
            "all controllers are cut from Cassandra for 20 s",
            false,
            Measured.FROM_REMEDY,
            RETRY_BOUND,
            StoreFaults::cutAll),
        FaultCatalog.steady(
            "store-kill",
            "Cassandra is killed and started again; then all controllers read anew",
            true,
            Measured.FROM_REMEDY,
            RETRY_BOUND,
            StoreFaults::killed));
  }

  private static void cutOne(FaultStage stage) throws LabException {
    ControllerId victim = stage.oldestFirst().get(1);
    stage.breaks(List.of(victim));
    stage.cut(List.of(FaultPlan.node(victim)), STORE);
    stage.pass(CUT);
    stage.heal();
  }

  private static void cutAll(FaultStage stage) throws LabException {
    stage.breaks();
    stage.cut(FaultPlan.nodesOf(FaultPlan.controllers()), STORE);
    stage.pass(CUT);
    stage.heal();
  }

  private static void killed(FaultStage stage) throws LabException {
    stage.breaks();
    stage.lab().processes().kill(FaultPlan.STORE.name());
    stage.isBroken();
    stage.lab().startStore();
    stage.isMended();
    stage.rereadAfterwards();
  }
}
