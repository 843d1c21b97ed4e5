package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.fault.FaultPlan.Node;
import io.sterna.protocol.ControllerId;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What a fault is made with, and what is seen of it. */
public final class FaultStage {
  /** Whatever takes longer than this will never come. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final List<Integer> ALL_RANGES =
      IntStream.range(0, FaultPlan.ranges().size()).boxed().toList();

  private final FaultLab lab;
  private final Load load;
  private final List<String> problems = new ArrayList<>();
  private List<Integer> hit = ALL_RANGES;
  private final List<Check> checks = new ArrayList<>();
  private boolean rereads;
  private long faultNanos;
  private long goneNanos;
  private long remedyNanos;
  private long caughtUpNanos = Long.MAX_VALUE;

  FaultStage(FaultLab lab, Load load) {
    this.lab = lab;
    this.load = load;
  }

  FaultLab lab() {
    return lab;
  }

  ServiceLog service() {
    return load.service();
  }

  /** The controllers, the oldest first. */
  List<ControllerId> oldestFirst() throws LabException {
    ControllerId oldest =
        lab.api().oldest().orElseThrow(() -> new LabException("no controller knows the oldest"));
    List<ControllerId> order = new ArrayList<>(FaultPlan.controllers());
    order.remove(oldest);
    order.add(0, oldest);
    return order;
  }

  /** Something breaks now, by which these controllers cannot serve. */
  void breaks(List<ControllerId> victims) {
    Map<ControllerId, List<Integer>> owned = lab.owned();
    List<Integer> ranges =
        victims.stream().flatMap(id -> owned.getOrDefault(id, List.of()).stream()).toList();
    if (ranges.isEmpty()) {
      problem(victims + " owned no range: nothing was tried");
    }
    hit = ranges;
    faultNanos = System.nanoTime();
    goneNanos = faultNanos;
    remedyNanos = faultNanos;
  }

  /** Something breaks now that concerns every range. */
  void breaks() {
    hit = ALL_RANGES;
    faultNanos = System.nanoTime();
    goneNanos = faultNanos;
    remedyNanos = faultNanos;
  }

  /** What broke is broken by now: who answers to what is due from now on is its successor. */
  void isBroken() {
    goneNanos = System.nanoTime();
  }

  /** The cause is gone. */
  void isMended() {
    remedyNanos = System.nanoTime();
  }

  /** A real element has what was committed when the cause was gone. */
  void hasCaughtUp() {
    caughtUpNanos = System.nanoTime();
  }

  /** Kills controllers, all at once; nobody starts them again. */
  void kill(List<ControllerId> victims) throws LabException {
    victims.forEach(lab.supervisor()::leave);
    breaks(victims);
    for (ControllerId id : victims) {
      lab.processes().running(id.value()).destroyForcibly();
    }
    for (ControllerId id : victims) {
      lab.await(() -> lab.processes().isRunning(id.value()) ? id + " to be gone" : "", PATIENCE);
    }
    isBroken();
  }

  /** Sends a signal to a process and what it started. */
  void signal(String process, String signal) throws LabException {
    ProcessHandle handle = lab.processes().running(process);
    List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
    handle.descendants().forEach(each -> command.add(String.valueOf(each.pid())));
    command.add(String.valueOf(handle.pid()));
    try {
      if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
        throw new LabException("'" + String.join(" ", command) + "' failed");
      }
    } catch (IOException e) {
      throw new LabException("cannot signal " + process + ": " + FileReason.why(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** These controllers run again, from now on. */
  void revive(List<ControllerId> victims) {
    victims.forEach(lab.supervisor()::want);
  }

  /** Cuts these from those, both ways. */
  void cut(List<Node> these, List<Node> those) throws LabException {
    lab.network().cut(these, those);
    isBroken();
  }

  /** Everything passes again; that is the remedy. */
  void heal() throws LabException {
    lab.network().heal();
    isMended();
  }

  /** Waits until every range that was hit has acknowledged something that was due since. */
  void awaitServed() throws LabException {
    long since = Math.max(goneNanos, remedyNanos);
    lab.await(
        () ->
            service().servedAfter(hit, since) >= 0
                ? ""
                : service().silentSince(since) + " ranges to serve again",
        PATIENCE);
  }

  /** Waits until no range has acknowledged anything for so long. */
  void awaitSilence(Duration silence) throws LabException {
    lab.await(
        () ->
            service().vmsBetween(System.nanoTime() - silence.toNanos(), System.nanoTime()) == 0
                ? ""
                : "claims to be refused",
        PATIENCE);
  }

  /** Does nothing for a while. */
  void pass(Duration time) throws LabException {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** Something that is looked at when no claims flow any more. */
  @FunctionalInterface
  interface Check {
    void look() throws LabException;
  }

  /** To be looked at when no claims flow any more. */
  void whenQuiet(Check check) {
    checks.add(check);
  }

  List<Check> checks() {
    return List.copyOf(checks);
  }

  /**
   * All controllers are to be killed afterwards, while claims flow: what is checked then was read
   * from Cassandra, and not remembered by anybody.
   */
  void rereadAfterwards() {
    rereads = true;
  }

  boolean rereads() {
    return rereads;
  }

  /** Something that must hold does not. */
  void problem(String what) {
    problems.add(what);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** What a fault's bound is for. */
  double measuredSeconds(Fault.Measured measured) {
    return switch (measured) {
      case FROM_FAULT -> servedAfterFaultSeconds();
      case FROM_REMEDY -> servedAfterRemedySeconds();
      case CAUGHT_UP -> seconds(caughtUpNanos - remedyNanos);
      case SLOWEST_CLAIM -> slowestSeconds();
    };
  }

  /** A victim that is only cut off or late goes on serving for a while: then comes the silence. */
  private double servedAfterFaultSeconds() {
    long after = service().servedAfter(hit, goneNanos);
    long silence = service().longestSilence(hit, faultNanos, System.nanoTime());
    return after < 0
        ? Double.POSITIVE_INFINITY
        : seconds(Math.max(silence, after + goneNanos - faultNanos));
  }

  private double servedAfterRemedySeconds() {
    long after = service().servedAfter(ALL_RANGES, remedyNanos);
    return after < 0 ? Double.POSITIVE_INFINITY : seconds(after);
  }

  /** The longest silence of a range since the fault. */
  double longestSilenceSeconds() {
    return seconds(service().longestSilence(ALL_RANGES, faultNanos, System.nanoTime()));
  }

  /** The longest time from due to acknowledged, or given up, of what was due since the fault. */
  double slowestSeconds() {
    return seconds(service().slowestSince(faultNanos));
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }
}
