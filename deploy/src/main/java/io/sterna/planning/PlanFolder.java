package io.sterna.planning;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.sterna.controller.relocation.Planner;
import io.sterna.controller.relocation.model.Costs;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Limits;
import io.sterna.controller.relocation.model.Link;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.relocation.model.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** Writes a plan: its steps, the reason of each, and a summary. */
public final class PlanFolder {
  private static final String STEPS = "plan.csv";
  private static final String REASONS = "reasons.csv";
  private static final String SUMMARY = "summary.json";

  /** What is written. */
  public static final List<String> FILES = List.of(STEPS, REASONS, SUMMARY);

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PlanFolder() {}

  /**
   * Writes {@code plan.csv}, {@code reasons.csv} and {@code summary.json}.
   *
   * @return the summary
   */
  public static ObjectNode write(Scenario scenario, Planner planner, Plan plan, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    List<Site> sites = scenario.network().sites();
    try (CsvWriter csv = ScenarioFolder.writer(folder.resolve(STEPS))) {
      csv.writeRecord("step", "address", "from", "to", "cost_before", "cost_after");
      int number = 0;
      for (Step step : plan.steps()) {
        csv.writeRecord(
            String.valueOf(++number),
            scenario.endpoints().get(step.endpoint()).toString(),
            sites.get(step.from()).id().value(),
            sites.get(step.to()).id().value(),
            String.valueOf(step.costBefore()),
            String.valueOf(step.costAfter()));
      }
    }
    writeReasons(scenario, plan, folder);
    ObjectNode summary = summary(scenario, planner, plan);
    byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(summary);
    Files.write(folder.resolve(SUMMARY), json);
    return summary;
  }

  private static void writeReasons(Scenario scenario, Plan plan, Path folder) throws IOException {
    try (CsvWriter csv = ScenarioFolder.writer(folder.resolve(REASONS))) {
      csv.writeRecord("step", "reason", "peers_there", "relieves");
      int number = 0;
      for (Step step : plan.steps()) {
        int relieved = step.reason().relieved();
        csv.writeRecord(
            String.valueOf(++number),
            step.reason().kind().name().toLowerCase(Locale.ROOT),
            String.valueOf(step.reason().peers()),
            relieved < 0 ? "" : scenario.network().links().get(relieved).toString());
      }
    }
  }

  private static ObjectNode summary(Scenario scenario, Planner planner, Plan plan) {
    int[] before = IntStream.range(0, scenario.endpoints().size()).map(scenario::site).toArray();
    int[] after = before.clone();
    Set<Integer> moved = new HashSet<>();
    long memoryMib = 0;
    for (Step step : plan.steps()) {
      after[step.endpoint()] = step.to();
      moved.add(step.endpoint());
      memoryMib += scenario.endpoints().get(step.endpoint()) instanceof Vm vm ? vm.memoryMib() : 0;
    }
    ObjectNode summary = MAPPER.createObjectNode();
    summary.put("algorithm", planner.algorithm().toString());
    summary.put("seed", planner.seed());
    summary.put("vms", IntStream.of(Costs.vms(scenario, before)).sum());
    summary.put("flows", scenario.flows());
    summary.put("costBefore", plan.costBefore());
    summary.put("costAfter", plan.costAfter());
    summary.put("steps", plan.steps().size());
    summary.put("movedVms", moved.size());
    summary.put("movedMemoryMib", memoryMib);
    summary.put("complete", plan.complete());
    limits(summary.putObject("limits"), planner.limits());
    weights(summary.putObject("weights"), planner.objective());
    terms(summary.putObject("termsBefore"), Costs.of(scenario, before));
    terms(summary.putObject("termsAfter"), Costs.of(scenario, after));
    links(summary.putArray("links"), scenario, before, after);
    sites(summary.putArray("dataCenters"), scenario, before, after);
    return summary;
  }

  private static void limits(ObjectNode node, Limits limits) {
    if (limits.moves() != Limits.NONE.moves()) {
      node.put("moves", limits.moves());
    }
    if (limits.memoryMib() != Limits.NONE.memoryMib()) {
      node.put("memoryMib", limits.memoryMib());
    }
  }

  private static void weights(ObjectNode node, Objective objective) {
    node.put("linkLoad", objective.linkLoad());
    node.put("rtt", objective.rtt());
    node.put("dataCharges", objective.dataCharges());
    node.put("siteLoad", objective.siteLoad());
    node.put("sitePrice", objective.sitePrice());
    node.put("migration", objective.migration());
  }

  private static void terms(ObjectNode node, Costs costs) {
    node.put("linkLoad", costs.linkLoad());
    node.put("rttMs", costs.rttMs());
    node.put("dataChargesPerHour", costs.dataCharges());
    node.put("siteLoad", costs.siteLoad());
    node.put("sitePricePerHour", costs.sitePrice());
    node.put("migrationSeconds", costs.migrationSeconds());
  }

  private static void links(ArrayNode nodes, Scenario scenario, int[] before, int[] after) {
    double[] was = Costs.linkLoadsMbps(scenario, before);
    double[] is = Costs.linkLoadsMbps(scenario, after);
    Network network = scenario.network();
    for (int i = 0; i < was.length; i++) {
      Link link = network.links().get(i);
      ObjectNode node = nodes.addObject();
      node.put("from", link.from().value());
      node.put("to", link.to().value());
      node.put("loadBefore", was[i] / link.capacityMbps());
      node.put("loadAfter", is[i] / link.capacityMbps());
    }
  }

  private static void sites(ArrayNode nodes, Scenario scenario, int[] before, int[] after) {
    int[] was = Costs.vms(scenario, before);
    int[] is = Costs.vms(scenario, after);
    for (int i = 0; i < was.length; i++) {
      Site site = scenario.network().sites().get(i);
      ObjectNode node = nodes.addObject();
      node.put("id", site.id().value());
      node.put("vmCapacity", site.vmCapacity());
      node.put("vmsBefore", was[i]);
      node.put("vmsAfter", is[i]);
    }
  }
}
