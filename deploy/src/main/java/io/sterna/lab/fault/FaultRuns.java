package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.UnwindOnExit;
import io.sterna.loadgen.run.Result;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tries one fault after the other on one lab, each with a load of its own. */
public final class FaultRuns implements AutoCloseable {
  private static final Duration STEADY_BOUND = Duration.ofMinutes(3);
  private static final Duration WELL_BOUND = Duration.ofMinutes(3);

  private final FaultLab lab;
  private final UnwindOnExit unwind;
  private final long seed;

  private FaultRuns(FaultLab lab, UnwindOnExit unwind, long seed) {
    this.lab = lab;
    this.unwind = unwind;
    this.seed = seed;
  }

  /**
   * Builds the lab.
   *
   * @param settings prefix of the namespaces, folder of the files, how to run {@code sterna}
   * @param seed decides what the load does
   * @throws LabException if it does not come up; then nothing of it is left but logs
   */
  public static FaultRuns start(LabSettings settings, long seed, Progress progress)
      throws LabException {
    FaultRuns runs =
        new FaultRuns(new FaultLab(settings, progress), UnwindOnExit.ofThisThread(), seed);
    boolean complete = false;
    try {
      runs.lab.up();
      complete = true;
      return runs;
    } finally {
      if (!complete) {
        runs.close();
      }
    }
  }

  /**
   * Tries one.
   *
   * @throws LabException if it could not be tried to its end; the lab is of no use then
   */
  public FaultRow run(Fault fault) throws LabException {
    lab.say(fault.name() + ": " + fault.what());
    lab.awaitEven(FaultPlan.controllers(), WELL_BOUND);
    try (Load load = lab.startLoad(fault.load(), seedOf(fault))) {
      lab.await(load::missing, STEADY_BOUND);
      long steadyNanos = System.nanoTime();
      lab.await(
          () -> load.service().silentSince(steadyNanos) == 0 ? "" : "every range to serve",
          STEADY_BOUND);
      FaultStage stage = new FaultStage(lab, load);
      fault.strike().on(stage);
      stage.awaitServed();
      awaitWhole();
      FaultRow.Times times =
          new FaultRow.Times(
              stage.measuredSeconds(fault.measured()),
              stage.longestSilenceSeconds(),
              stage.slowestSeconds());
      if (stage.rereads()) {
        reread(stage);
      }
      Result result = load.finish();
      for (FaultStage.Check check : stage.checks()) {
        check.look();
      }
      QuietState quiet = new QuietState(lab.api());
      quiet.wrongInRecord(FaultPlan.ranges()).forEach(stage::problem);
      quiet.wrongInTables(load.vms(), load.tables()).forEach(stage::problem);
      lab.stopAgent();
      // Says how busy the machine was with others.
      double busy = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
      FaultRow row = new FaultRow(fault, seed, times, result, stage.problems(), busy);
      lab.say(row.toJson().toString());
      return row;
    }
  }

  /** Its own, so that one fault can be tried again without those before it. */
  private long seedOf(Fault fault) {
    return seed + fault.name().hashCode();
  }

  /** Every controller is there, owns its share, and every element has found it. */
  private void awaitWhole() throws LabException {
    lab.awaitWell(FaultPlan.controllers());
    lab.awaitEven(FaultPlan.controllers(), WELL_BOUND);
    awaitSessions();
  }

  private void reread(FaultStage stage) throws LabException {
    stage.kill(FaultPlan.controllers());
    stage.revive(FaultPlan.controllers());
    stage.isMended();
    stage.awaitServed();
    awaitWhole();
  }

  private void awaitSessions() throws LabException {
    List<ControllerId> all = FaultPlan.controllers();
    lab.await(
        () -> {
          Map<FeId, List<ControllerId>> sessions = lab.api().sessions();
          List<FeId> without = new ArrayList<>(FaultPlan.emulated());
          without.removeIf(fe -> all.equals(sessions.get(fe)));
          return without.isEmpty() ? "" : without + " to hold a session to each controller";
        },
        WELL_BOUND);
  }

  @Override
  public void close() throws LabException {
    try {
      UnwindOnExit.uninterrupted(lab::close);
    } finally {
      unwind.close();
    }
  }
}
