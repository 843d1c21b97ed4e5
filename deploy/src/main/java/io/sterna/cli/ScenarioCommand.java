package io.sterna.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.generate.FollowTheSun;
import io.sterna.controller.relocation.generate.GeneratedScenario;
import io.sterna.controller.relocation.generate.Shape;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.online.SunnyDay;
import io.sterna.planning.ProgressCurves;
import io.sterna.planning.ScenarioFolder;
import io.sterna.planning.SunCurves;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sterna scenario}: folders that the planner reads. */
@Command(
    name = "scenario",
    description = "Make or record scenario folders, which 'sterna plan' reads.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  sterna scenario record --out live",
      "  sterna scenario generate --out office --vms 1000 --data-centers 4",
      "  sterna scenario progress --out curves",
      "  sterna scenario follow-the-sun --out sun"
    })
final class ScenarioCommand {
  private final ApiCommand output;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  ScenarioCommand(ApiCommand output) {
    this.output = output;
  }

  @Command(
      name = "generate",
      description = {
        "Make a scenario by chance: applications of 2 to 60 VMs (Pareto, shape 1.3) scattered over",
        "the data centers, each VM talking to about four of its own application at lognormal rates",
        "(sigma 1.5), and half as many weak pairs of any two; links of 1 to 10 Gbit/s. The same",
        "arguments give the same scenario."
      },
      footer = {
        "",
        "Examples:",
        "  sterna scenario generate --out office --vms 1000 --data-centers 4",
        "  sterna scenario generate --out ring --vms 10000 --data-centers 16 --shape ring --seed 7"
      })
  int generate(
      @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder.")
          Path out,
      @Option(
              names = "--vms",
              defaultValue = "1000",
              paramLabel = "N",
              description = "Default: ${DEFAULT-VALUE}.")
          int vms,
      @Option(
              names = "--data-centers",
              defaultValue = "4",
              paramLabel = "N",
              description = "Default: ${DEFAULT-VALUE}.")
          int sites,
      @Option(
              names = "--shape",
              defaultValue = "mesh",
              paramLabel = "NAME",
              description = "How they are connected: mesh or ring. Default: ${DEFAULT-VALUE}.")
          Shape shape,
      @Option(
              names = "--spare",
              defaultValue = "0.1",
              paramLabel = "SHARE",
              description = "Room that is left, as a share of the VMs. Default: ${DEFAULT-VALUE}.")
          double spare,
      @Option(
              names = "--pinned",
              defaultValue = "0.02",
              paramLabel = "SHARE",
              description = "VMs that may not be moved. Default: ${DEFAULT-VALUE}.")
          double pinned,
      @Option(
              names = "--seed",
              defaultValue = "1",
              paramLabel = "N",
              description = "Of the chance. Default: ${DEFAULT-VALUE}.")
          long seed,
      @Option(names = "--force", description = "Overwrite what is there.") boolean force)
      throws OperationFailedException {
    OutFolder.refuseTaken(out, ScenarioFolder.FILES, force);
    Scenario scenario = generated(vms, sites, shape, spare, pinned, seed).make();
    write(out, scenario);
    ObjectNode answer = described(scenario, out);
    output.show(
        answer,
        found -> {
          Table table = new Table("FOLDER", "VMS", "DATA CENTERS", "LINKS", "FLOWS");
          table.row(
              Json.cell(found, "folder"),
              Json.cell(found, "vms"),
              Json.cell(found, "dataCenters"),
              Json.cell(found, "links"),
              Json.cell(found, "flows"));
          return table;
        });
    return ExitStatus.DONE;
  }

  @Command(
      name = "record",
      description = {
        "Write the live network as a scenario: data centers and links as the controllers' files have them",
        "(sterna.controller.network), every bound VM where it is, blocks of clients outside at the site",
        "that has most of their traffic, and the traffic of all pairs with counters of their own.",
        "What VMs need of memory is not known to the controllers: say it if migrations shall cost."
      },
      footer = {
        "",
        "Examples:",
        "  sterna scenario record --out live",
        "  sterna scenario record --out live --memory-mib 2048 --api http://10.0.0.5:8080",
        "  sterna plan live --algorithm sterna --out plan"
      })
  int record(
      @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder.")
          Path out,
      @Option(
              names = "--memory-mib",
              defaultValue = "0",
              paramLabel = "N",
              description = "Memory of each VM. Default: ${DEFAULT-VALUE}, which is 'not known'.")
          long memoryMib,
      @Option(names = "--force", description = "Overwrite what is there.") boolean force)
      throws OperationFailedException {
    if (memoryMib < 0) {
      throw new ParameterException(spec.commandLine(), "--memory-mib " + memoryMib + " is below 0");
    }
    OutFolder.refuseTaken(out, ScenarioFolder.FILES, force);
    LiveScenario live = LiveScenario.ask(output.client(), memoryMib);
    write(out, live.scenario());
    ObjectNode answer = described(live.scenario(), out);
    answer.put("recordedMbps", live.recordedMbps());
    answer.put("leftOutMbps", live.leftOutMbps());
    output.show(
        answer,
        found -> {
          Table table =
              new Table(
                  "FOLDER", "ENDPOINTS", "DATA CENTERS", "LINKS", "FLOWS", "MBPS", "LEFT OUT");
          table.row(
              Json.cell(found, "folder"),
              Json.cell(found, "vms"),
              Json.cell(found, "dataCenters"),
              Json.cell(found, "links"),
              Json.cell(found, "flows"),
              "%.3f".formatted(found.path("recordedMbps").asDouble()),
              "%.3f".formatted(found.path("leftOutMbps").asDouble()));
          return table;
        });
    return ExitStatus.DONE;
  }

  private static ObjectNode row(int vms, Algorithm algorithm, Plan plan) {
    ObjectNode row = Json.MAPPER.createObjectNode();
    row.put("vms", vms);
    row.put("algorithm", algorithm.toString());
    row.put("costBefore", plan.costBefore());
    row.put("costAfter", plan.costAfter());
    row.put("steps", plan.steps().size());
    return row;
  }

  private static void write(Path out, Scenario scenario) throws OperationFailedException {
    OutFolder.write(
        out,
        folder -> {
          ScenarioFolder.write(scenario, folder);
          return scenario;
        });
  }

  private static ObjectNode described(Scenario scenario, Path out) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("folder", out.toString());
    answer.put("vms", scenario.endpoints().size());
    answer.put("dataCenters", scenario.network().sites().size());
    answer.put("links", scenario.network().links().size());
    answer.put("flows", scenario.flows());
    return answer;
  }

  @Command(
      name = "progress",
      description = {
        "Draw how the cost falls migration by migration, for the paper's algorithm and for ours:",
        "figures 5.3 to 5.5 of 'Adaptive Cloud' (100, 1,000 and 10,000 VMs over 4 data centers).",
        "Writes progress-N.csv and progress-N.svg for each number of VMs."
      },
      footer = {
        "",
        "Examples:",
        "  sterna scenario progress --out curves",
        "  sterna scenario progress --out curves --vms 5000 --data-centers 16"
      })
  int progress(
      @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder.")
          Path out,
      @Option(
              names = "--vms",
              defaultValue = "100,1000,10000",
              split = ",",
              paramLabel = "N",
              description = "One figure each. Default: ${DEFAULT-VALUE}.")
          List<Integer> vms,
      @Option(
              names = "--data-centers",
              defaultValue = "4",
              paramLabel = "N",
              description = "Default: ${DEFAULT-VALUE}.")
          int sites,
      @Option(
              names = "--seed",
              defaultValue = "1",
              paramLabel = "N",
              description = "Of the chance. Default: ${DEFAULT-VALUE}.")
          long seed,
      @Option(names = "--force", description = "Overwrite what is there.") boolean force)
      throws OperationFailedException {
    if (vms.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--vms: there is no number");
    }
    // All first: whatever cannot be made leaves no figure of the others.
    Map<Integer, GeneratedScenario> scenarios = new LinkedHashMap<>();
    for (int each : vms) {
      scenarios.put(each, generated(each, sites, Shape.MESH, 0.1, 0.02, seed));
    }
    OutFolder.refuseTaken(
        out, scenarios.keySet().stream().flatMap(ProgressCurves::files).toList(), force);
    ArrayNode answer = OutFolder.write(out, folder -> drawn(scenarios, folder));
    output.show(
        answer,
        found -> {
          Table table = new Table("VMS", "ALGORITHM", "COST BEFORE", "COST AFTER", "STEPS");
          found.forEach(
              row ->
                  table.row(
                      Json.cell(row, "vms"),
                      Json.cell(row, "algorithm"),
                      "%.6g".formatted(row.path("costBefore").asDouble()),
                      "%.6g".formatted(row.path("costAfter").asDouble()),
                      Json.cell(row, "steps")));
          return table;
        });
    return ExitStatus.DONE;
  }

  @Command(
      name = "follow-the-sun",
      description = {
        "Simulate a day on which clients work round the globe by day, and the servers follow them:",
        "six data centers, RTTs by distance, plans every 15 minutes with proof, dwell and budget as",
        "a controller has them. Writes follow-the-sun.csv and follow-the-sun.svg: mean RTT by the",
        "hour of those who follow, of those who stay where they were at the begin, and of those who",
        "are always where it would be best."
      },
      footer = {
        "",
        "Examples:",
        "  sterna scenario follow-the-sun --out sun",
        "  sterna scenario follow-the-sun --out sun --vms 300 --room 0.6 --output json"
      })
  int followTheSun(
      @Option(names = "--out", required = true, paramLabel = "DIR", description = "The folder.")
          Path out,
      @Option(
              names = "--vms",
              defaultValue = "120",
              paramLabel = "N",
              description = "Default: ${DEFAULT-VALUE}.")
          int vms,
      @Option(
              names = "--room",
              defaultValue = "0.4",
              paramLabel = "SHARE",
              description =
                  "Of each data center, as a share of the VMs. Default: ${DEFAULT-VALUE}.")
          double room,
      @Option(
              names = "--seed",
              defaultValue = "1",
              paramLabel = "N",
              description = "Of the chance. Default: ${DEFAULT-VALUE}.")
          long seed,
      @Option(names = "--force", description = "Overwrite what is there.") boolean force)
      throws OperationFailedException {
    FollowTheSun sun;
    try {
      sun = new FollowTheSun(vms, room, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    OutFolder.refuseTaken(out, SunCurves.FILES, force);
    SunnyDay day = SunnyDay.of(sun);
    OutFolder.write(
        out,
        folder -> {
          SunCurves.write(day, folder);
          return day;
        });
    ObjectNode answer = Json.MAPPER.createObjectNode();
    answer.put("vms", vms);
    answer.put("rttFollowedMs", day.followedMs());
    answer.put("rttStayedMs", day.stayedMs());
    answer.put("rttBestMs", day.bestMs());
    answer.put("moves", day.moves());
    answer.put("movesOfOneVmMost", day.most());
    output.show(
        answer,
        found -> {
          Table table =
              new Table("VMS", "RTT FOLLOWED", "RTT STAYED", "RTT BEST", "MOVES", "MOST OF ONE VM");
          table.row(
              Json.cell(found, "vms"),
              "%.1f ms".formatted(found.path("rttFollowedMs").asDouble()),
              "%.1f ms".formatted(found.path("rttStayedMs").asDouble()),
              "%.1f ms".formatted(found.path("rttBestMs").asDouble()),
              Json.cell(found, "moves"),
              Json.cell(found, "movesOfOneVmMost"));
          return table;
        });
    return ExitStatus.DONE;
  }

  private static ArrayNode drawn(Map<Integer, GeneratedScenario> scenarios, Path folder)
      throws IOException {
    ArrayNode rows = Json.MAPPER.createArrayNode();
    for (Map.Entry<Integer, GeneratedScenario> each : scenarios.entrySet()) {
      ProgressCurves.write(each.getValue(), folder)
          .forEach((algorithm, plan) -> rows.add(row(each.getKey(), algorithm, plan)));
    }
    return rows;
  }

  private GeneratedScenario generated(
      int vms, int sites, Shape shape, double spare, double pinned, long seed) {
    try {
      return new GeneratedScenario(vms, sites, shape, spare, pinned, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
