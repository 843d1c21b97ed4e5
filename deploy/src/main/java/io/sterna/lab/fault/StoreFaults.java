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

  /**
   * 6 s until a dead connection is given up, 2 s to the next, 5 s to the log's next try, a term.
   */
  private static final Duration RETRY_BOUND = Duration.ofSeconds(15);

  /** Nobody acknowledges anything for so long: the disk is felt to be full. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

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
            StoreFaults::killed),
        FaultCatalog.steady(
            "store-full",
            "Cassandra's disk is full; space is freed and Cassandra started again",
            false,
            Measured.FROM_REMEDY,
            RETRY_BOUND,
            StoreFaults::full));
  }

  private static void full(FaultStage stage) throws LabException {
    stage.breaks();
    stage.lab().storeDisk().fill();
    stage.awaitSilence(SILENCE);
    stage.isBroken();
    stage.lab().storeDisk().free();
    if (stage.lab().processes().isRunning(FaultPlan.STORE.name())) {
      stage.lab().processes().kill(FaultPlan.STORE.name());
    }
    stage.lab().startStore();
    stage.isMended();
    stage.rereadAfterwards();
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
