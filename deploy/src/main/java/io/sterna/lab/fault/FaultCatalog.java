package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.fault.Fault.Measured;
import io.sterna.lab.fault.FaultPlan.Node;
import io.sterna.protocol.ControllerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Every fault that is tried. */
public final class FaultCatalog {
  /** Others take over. */
  private static final Duration OWNER_BOUND = Duration.ofSeconds(8);

  /** Others take over, and first what decides who owns what. */
  private static final Duration OLDEST_BOUND = Duration.ofSeconds(10);

  /**
   * Whoever leaves in order hands over first: no claim waits much longer than until its repetition.
   */
  private static final Duration IN_ORDER_BOUND = Duration.ofSeconds(3);

  /** Controllers start, find each other and recover. */
  private static final Duration RESTART_BOUND = Duration.ofSeconds(30);

  private static final Duration LONG_PAUSE = Duration.ofSeconds(30);
  private static final Duration SHORT_PAUSE = Duration.ofSeconds(10);
  private static final Duration CUT = Duration.ofSeconds(15);

  private static final boolean QUICK = true;
  private static final boolean FULL = false;

  private FaultCatalog() {}

  /** All of them, in the order in which they are tried. */
  public static List<Fault> all() {
    List<Fault> all = new ArrayList<>(changes());
    all.addAll(deaths());
    all.addAll(partitions());
    all.addAll(StoreFaults.all());
    all.addAll(ElementFaults.all());
    return List.copyOf(all);
  }

  /**
   * The faults of these names, all if there are none.
   *
   * @throws LabException if a name is unknown
   */
  public static List<Fault> named(List<String> names) throws LabException {
    List<Fault> chosen = new ArrayList<>();
    for (String name : names) {
      chosen.add(
          all().stream()
              .filter(fault -> fault.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new LabException("no fault '" + name + "'; see --list")));
    }
    return names.isEmpty() ? all() : chosen;
  }

  private static List<Fault> changes() {
    return List.of(
        steady(
            "scale-out",
            "a controller leaves, joins, leaves and joins again",
            FULL,
            Measured.SLOWEST_CLAIM,
            IN_ORDER_BOUND,
            FaultCatalog::scale),
        steady(
            "rolling-restart",
            "every controller is stopped in order and started again, one after the other",
            FULL,
            Measured.SLOWEST_CLAIM,
            IN_ORDER_BOUND,
            FaultCatalog::rollingRestart));
  }

  private static List<Fault> deaths() {
    return List.of(
        steady(
            "kill-owner",
            "a controller that is not the oldest is killed",
            QUICK,
            Measured.FROM_FAULT,
            OWNER_BOUND,
            stage -> killed(stage, stage.oldestFirst().subList(1, 2))),
        steady(
            "kill-oldest",
            "the oldest controller is killed, which decides who owns what",
            FULL,
            Measured.FROM_FAULT,
            OLDEST_BOUND,
            stage -> killed(stage, stage.oldestFirst().subList(0, 1))),
        steady(
            "kill-two",
            "two of three controllers are killed at once, the oldest is one; they are started again",
            QUICK,
            Measured.FROM_FAULT,
            RESTART_BOUND,
            FaultCatalog::killTwo),
        steady(
            "pause-owner",
            "a controller stands still for 10 s (SIGSTOP), and goes on",
            QUICK,
            Measured.FROM_FAULT,
            OWNER_BOUND,
            stage -> paused(stage, stage.oldestFirst().get(1), SHORT_PAUSE)),
        steady(
            "pause-oldest",
            "the oldest controller stands still for 30 s (SIGSTOP), and goes on",
            FULL,
            Measured.FROM_FAULT,
            OLDEST_BOUND,
            stage -> paused(stage, stage.oldestFirst().get(0), LONG_PAUSE)));
  }

  private static List<Fault> partitions() {
    return List.of(
        steady(
            "partition-first",
            "the first seed is cut from the other controllers for 15 s, from nobody else",
            QUICK,
            Measured.FROM_FAULT,
            OLDEST_BOUND,
            stage -> partitioned(stage, FaultPlan.controllers().get(0))),
        steady(
            "partition-owner",
            "a controller that is not the oldest is cut from the others for 15 s",
            FULL,
            Measured.FROM_FAULT,
            OWNER_BOUND,
            stage -> partitioned(stage, stage.oldestFirst().get(1))),
        steady(
            "partition-deaf",
            "a controller hears no other for 15 s, but is heard",
            FULL,
            Measured.FROM_FAULT,
            OLDEST_BOUND,
            FaultCatalog::deafened),
        steady(
            "partition-all",
            "every controller is cut from every other for 15 s",
            FULL,
            Measured.FROM_REMEDY,
            RESTART_BOUND,
            FaultCatalog::scattered));
  }

  /** A fault under the usual load. */
  static Fault steady(
      String name,
      String what,
      boolean quick,
      Measured measured,
      Duration bound,
      Fault.Strike strike) {
    return new Fault(name, what, quick, LoadShape.STEADY, measured, bound, strike);
  }

  private static void scale(FaultStage stage) throws LabException {
    List<ControllerId> all = FaultPlan.controllers();
    stage.breaks();
    for (int i = 0; i < 2; i++) {
      ControllerId last = stage.oldestFirst().get(2);
      stop(stage, last);
      stage.lab().awaitEven(without(all, last), RESTART_BOUND);
      stage.revive(List.of(last));
      stage.lab().awaitWell(all);
      stage.lab().awaitEven(all, RESTART_BOUND);
    }
  }

  private static void rollingRestart(FaultStage stage) throws LabException {
    stage.breaks();
    for (ControllerId id : FaultPlan.controllers()) {
      stop(stage, id);
      stage.revive(List.of(id));
      stage.lab().awaitWell(FaultPlan.controllers());
    }
  }

  /** Stops a controller in order, and waits until the others have all ranges. */
  private static void stop(FaultStage stage, ControllerId id) throws LabException {
    stage.lab().supervisor().leave(id);
    stage.lab().processes().stop(id.value());
    stage.lab().awaitWell(without(FaultPlan.controllers(), id));
  }

  private static void killed(FaultStage stage, List<ControllerId> victims) throws LabException {
    stage.kill(victims);
    stage.awaitServed();
    stage.revive(victims);
  }

  private static void killTwo(FaultStage stage) throws LabException {
    List<ControllerId> victims = stage.oldestFirst().subList(0, 2);
    stage.kill(victims);
    // One of three is no majority: it waits for them.
    stage.revive(victims);
  }

  private static void paused(FaultStage stage, ControllerId victim, Duration time)
      throws LabException {
    stage.breaks(List.of(victim));
    stage.signal(victim.value(), "STOP");
    stage.isBroken();
    stage.pass(time);
    stage.signal(victim.value(), "CONT");
  }

  private static void partitioned(FaultStage stage, ControllerId victim) throws LabException {
    stage.breaks(List.of(victim));
    stage.cut(List.of(FaultPlan.node(victim)), others(victim));
    stage.pass(CUT);
    stage.lab().network().heal();
  }

  private static void deafened(FaultStage stage) throws LabException {
    ControllerId victim = stage.oldestFirst().get(1);
    stage.breaks(List.of(victim));
    stage.lab().network().cutOneWay(others(victim), List.of(FaultPlan.node(victim)));
    stage.isBroken();
    stage.pass(CUT);
    stage.lab().network().heal();
  }

  private static void scattered(FaultStage stage) throws LabException {
    stage.breaks();
    for (ControllerId each : FaultPlan.controllers()) {
      stage.lab().network().cutOneWay(others(each), List.of(FaultPlan.node(each)));
    }
    stage.pass(CUT);
    stage.heal();
  }

  private static List<Node> others(ControllerId one) {
    return FaultPlan.nodesOf(without(FaultPlan.controllers(), one));
  }

  private static List<ControllerId> without(List<ControllerId> all, ControllerId one) {
    return all.stream().filter(each -> !each.equals(one)).toList();
  }
}
