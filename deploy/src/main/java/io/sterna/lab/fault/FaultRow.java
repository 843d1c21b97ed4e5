package io.sterna.lab.fault;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.loadgen.check.Verdict;
import io.sterna.loadgen.run.Result;
import java.util.List;

/**
 * What was seen of a fault, from outside.
 *
 * @param fault what broke
 * @param seed that was asked for
 * @param times how long things took
 * @param load what the load found
 * @param problems what did not hold beside that
 * @param machineLoad the machine's load average of the last minute when it was over
 */
public record FaultRow(
    Fault fault, long seed, Times times, Result load, List<String> problems, double machineLoad) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * How long things took, in seconds.
   *
   * @param bounded what the fault's bound is for
   * @param silence the longest time in which a range acknowledged nothing
   * @param slowest the longest time from due to acknowledged, or given up
   */
  public record Times(double bounded, double silence, double slowest) {}

  public FaultRow {
    problems = List.copyOf(problems);
  }

  /** The fault's name. */
  public String name() {
    return fault.name();
  }

  /** Whether service was back in time. */
  public boolean inTime() {
    return times.bounded() <= fault.bound().toMillis() / 1e3;
  }

  /** Whether nothing was lost and every range serves again, however long that took. */
  public boolean survived() {
    return Double.isFinite(times.bounded())
        && load.holds()
        && load.counts().lost() == 0
        && problems.isEmpty();
  }

  /** Whether everything that must hold does. */
  public boolean holds() {
    return inTime() && survived();
  }

  /** One object; times are in seconds. */
  public ObjectNode toJson() {
    ObjectNode node = JSON.createObjectNode();
    node.put("name", name());
    node.put("what", fault.what());
    node.put("seed", seed);
    node.put("holds", holds());
    node.put("seconds", thousandths(times.bounded()));
    node.put("bound", fault.bound().toMillis() / 1e3);
    node.put("measured", fault.measured().toString());
    node.put("longestSilenceSeconds", thousandths(times.silence()));
    node.put("slowestClaimSeconds", thousandths(times.slowest()));
    node.put("events", load.counts().events());
    node.put("acknowledged", load.counts().accepted());
    node.put("superseded", load.counts().superseded());
    node.put("lost", load.counts().lost());
    node.put("repeated", load.counts().repeated());
    ObjectNode refused = node.putObject("refused");
    load.refused().forEach((reason, count) -> refused.put(reason.name(), count));
    node.put("sessionsLost", load.counts().sessionsLost());
    ObjectNode checks = node.putObject("checks");
    for (Verdict verdict : load.checks()) {
      checks.put(verdict.name(), verdict.holds());
      verdict.examples().forEach(node.withArray("violations")::add);
    }
    problems.forEach(node.withArray("problems")::add);
    node.put("machineLoad", machineLoad);
    return node;
  }

  private static double thousandths(double value) {
    return Double.isFinite(value) ? Math.round(value * 1000) / 1000.0 : value;
  }
}
