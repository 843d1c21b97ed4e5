package io.sterna.loadgen.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.loadgen.check.Verdict;
import io.sterna.loadgen.measure.Counts;
import io.sterna.loadgen.measure.Latency;
import io.sterna.loadgen.scenario.ArrivalRate;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.protocol.RejectReason;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run found.
 *
 * @param scenario what was to be done
 * @param machine where
 * @param interrupted whether it was stopped before its end
 * @param measuredSeconds how long events were measured
 * @param measuredUntilNanos when that ended, by the clock of the run: on Linux the one that all
 *     processes of a machine share
 * @param acceptedPerSecond events that were acknowledged while it measured
 * @param installedPerSecond changes that the last element heard while it measured
 * @param cpuSeconds processor time that each process used while it measured
 * @param acknowledged from due to acknowledged at the claimant; events that were given up or are
 *     open at the end count with the time that they waited
 * @param installed from due to heard by the last element; the same
 * @param stall what an element that stalled did to the others; null = none stalled
 * @param counts what happened, warm-up included
 * @param refused how often each reason was given, warm-up included
 * @param bytesIn bytes that controllers sent while it measured, TLS included
 * @param bytesOut bytes that controllers were sent while it measured, TLS included
 * @param checks what the checks found
 */
public record Result(
    Scenario scenario,
    Machine machine,
    boolean interrupted,
    double measuredSeconds,
    long measuredUntilNanos,
    double acceptedPerSecond,
    double installedPerSecond,
    Map<String, Double> cpuSeconds,
    Latency acknowledged,
    Latency installed,
    @Nullable StallResult stall,
    Counts.Totals counts,
    Map<RejectReason, Long> refused,
    long bytesIn,
    long bytesOut,
    List<Verdict> checks) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double[] PERCENTILES = {50, 90, 99, 99.9};

  public Result {
    cpuSeconds = Collections.unmodifiableMap(new LinkedHashMap<>(cpuSeconds));
    refused = Map.copyOf(refused);
    checks = List.copyOf(checks);
  }

  /** Whether every check holds. */
  public boolean holds() {
    return checks.stream().allMatch(Verdict::holds);
  }

  /**
   * One document. Latencies are in milliseconds.
   *
   * @param version of this program
   */
  public ObjectNode toJson(String version) {
    ObjectNode all = MAPPER.createObjectNode();
    all.put("version", version);
    all.put("seed", scenario.seed());
    all.put("interrupted", interrupted);
    all.set("scenario", scenarioJson());
    ObjectNode where = all.putObject("machine");
    where.put("cores", machine.cores());
    where.put("memoryMebibytes", machine.memoryMebibytes());
    where.put("kernel", machine.kernel());
    where.put("java", machine.java());
    all.put("measuredSeconds", measuredSeconds);
    all.put("measuredUntilNanos", measuredUntilNanos);
    all.put("acceptedPerSecond", acceptedPerSecond);
    all.put("installedPerSecond", installedPerSecond);
    ObjectNode cpu = all.putObject("cpuSeconds");
    cpuSeconds.forEach(cpu::put);
    all.set("acknowledgedMs", latencyJson(acknowledged));
    all.set("installedAtLastMs", latencyJson(installed));
    if (stall != null) {
      ObjectNode node = all.putObject("stall");
      node.set("installedBeforeMs", latencyJson(stall.before()));
      node.set("installedDuringMs", latencyJson(stall.during()));
      node.put("caughtUpMs", stall.caughtUpMs());
      node.set("residentBeforeMebibytes", MAPPER.valueToTree(stall.residentBeforeMebibytes()));
      node.set("residentMaxMebibytes", MAPPER.valueToTree(stall.residentMaxMebibytes()));
    }
    all.set("counts", countsJson());
    ObjectNode verdicts = all.putObject("checks");
    for (Verdict verdict : checks) {
      ObjectNode each = verdicts.putObject(verdict.name());
      each.put("holds", verdict.holds());
      each.put("violations", verdict.violations());
      verdict.examples().forEach(each.putArray("examples")::add);
    }
    all.put("holds", holds());
    return all;
  }

  private ObjectNode scenarioJson() {
    ObjectNode node = MAPPER.createObjectNode();
    scenario.controllers().forEach(each -> node.withArray("controllers").add(each.toString()));
    node.put("fes", scenario.fes());
    node.put("vms", scenario.vms());
    node.put("prefix", scenario.prefix().toString());
    put(node, "arrivalRatePerSecond", scenario.arrivalRate());
    node.put("mobility", scenario.mobility().toString());
    node.put("warmUpMs", scenario.warmUp().toMillis());
    put(node, "warmUpRatePerSecond", scenario.warmUpRate());
    node.put("settleMs", scenario.settle().toMillis());
    node.put("durationMs", scenario.duration().toMillis());
    node.put("claimsInFlightMax", scenario.claimsInFlightMax());
    node.put("appliedIntervalMs", scenario.appliedInterval().toMillis());
    Scenario.Followers followers = scenario.followers();
    if (followers != null) {
      ObjectNode each = node.putObject("followers");
      followers.fes().forEach(fe -> each.withArray("fes").add(fe.value()));
      each.put("behindMax", followers.behindMax());
    }
    Scenario.Stall stalls = scenario.stall();
    if (stalls != null) {
      ObjectNode each = node.putObject("stall");
      each.put("afterMs", stalls.after().toMillis());
      each.put("lastsMs", stalls.lasts().toMillis());
    }
    return node;
  }

  private static void put(ObjectNode node, String name, ArrivalRate rate) {
    if (rate.isMax()) {
      node.put(name, rate.toString());
    } else {
      node.put(name, rate.perSecond());
    }
  }

  private static ObjectNode latencyJson(Latency latency) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("count", latency.count());
    node.put("unfinished", latency.unfinished());
    node.put("mean", latency.meanMs());
    for (double percentile : PERCENTILES) {
      String name = percentile == Math.rint(percentile) ? "" + (int) percentile : "" + percentile;
      node.put("p" + name, latency.percentileMs(percentile));
    }
    node.put("max", latency.maxMs());
    return node;
  }

  private ObjectNode countsJson() {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("events", counts.events());
    node.put("claims", counts.claims());
    node.put("accepted", counts.accepted());
    node.put("superseded", counts.superseded());
    node.put("lost", counts.lost());
    node.put("repeated", counts.repeated());
    ObjectNode reasons = node.putObject("refused");
    for (RejectReason reason : RejectReason.values()) {
      reasons.put(reason.name(), refused.getOrDefault(reason, 0L));
    }
    node.put("resyncs", counts.resyncs());
    node.put("deltas", counts.deltas());
    node.put("snapshots", counts.snapshots());
    node.put("old", counts.old());
    node.put("sessionsLost", counts.sessionsLost());
    node.put("bytesIn", bytesIn);
    node.put("bytesOut", bytesOut);
    return node;
  }
}
