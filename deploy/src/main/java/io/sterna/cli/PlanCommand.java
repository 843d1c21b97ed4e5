package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.Planner;
import io.sterna.controller.relocation.model.Limits;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.planning.BadScenarioException;
import io.sterna.planning.PlanFolder;
import io.sterna.planning.ScenarioFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sterna plan}: which VMs should move. */
@Command(
    name = "plan",
    description = {
      "Plan migrations for a scenario folder: data-centers.csv, links.csv, vms.csv, traffic.csv;",
      "the distribution has one, and what its columns mean, in examples/scenario.",
      "Writes plan.csv (the steps, in an order in which no data center is ever overfull),",
      "reasons.csv (why each) and summary.json. The same scenario and seed give the same plan.",
      "A bad row is one line 'file:line: what is wrong', exit status 2, and nothing is written."
    },
    footer = {
      "",
      "Examples:",
      "  sterna scenario generate --out office --vms 1000 --data-centers 4",
      "  sterna plan examples/scenario --out plan",
      "  sterna plan office --out office/plan",
      "  sterna plan office --out office/plan --algorithm algorithm1",
      "  sterna plan office --out office/plan --max-moves 50",
      "  sterna plan office --out office/plan --weight link-load=1 --weight rtt=0.01"
    })
final class PlanCommand implements Callable<Integer> {
  private static final String TERMS =
      "link-load, rtt, data-charges, site-load, site-price, migration";

  private final ApiCommand output;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Parameters(paramLabel = "SCENARIO", description = "The folder.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path scenario;

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      defaultValue = "sterna",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Algorithm algorithm;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where the plan is written.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path out;

  @Option(names = "--force", description = "Overwrite a plan that is there.")
  private boolean force;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the chance in the search. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--max-moves",
      paramLabel = "N",
      defaultValue = "" + Integer.MAX_VALUE,
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "No more steps than that. Default: as many as help.")
  private int movesMax;

  @Option(
      names = "--max-memory-mib",
      paramLabel = "N",
      defaultValue = "" + Long.MAX_VALUE,
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "All steps together copy no more memory than that. Default: no limit.")
  private long memoryMibMax;

  @Option(
      names = "--weight",
      paramLabel = "TERM=N",
      description = {
        "What counts, and how much: " + TERMS + ".",
        "May be given several times: what is not named counts nothing. Default: link-load=1."
      })
  @Nullable
  private Map<String, Double> weights;

  @Option(
      names = "--deadline-seconds",
      paramLabel = "N",
      description = {
        "Cut the search short after four fifths of this, and the order of the steps after all of it:",
        "the plan is what was found until then, and may be another each time; standard error says so.",
        "Default: it ends by itself."
      })
  @Nullable
  private Double deadlineSeconds;

  PlanCommand(ApiCommand output) {
    this.output = output;
  }

  @Override
  public Integer call() throws BadScenarioException, OperationFailedException {
    // Not '<=': a number that is none is no deadline either.
    if (deadlineSeconds != null && !(deadlineSeconds > 0)) {
      throw OperationFailedException.badUsage(
          "--deadline-seconds %s is not above 0".formatted(deadlineSeconds));
    }
    Planner planner = new Planner(algorithm, objective(), limits(), seed);
    OutFolder.refuseTaken(out, PlanFolder.FILES, force);
    long start = System.nanoTime();
    Scenario read = ScenarioFolder.read(scenario);
    long began = System.nanoTime();
    Plan plan =
        deadlineSeconds == null
            ? planner.plan(read)
            : planner.plan(read, System::nanoTime, began + (long) (deadlineSeconds * 1e9));
    long planned = System.nanoTime();
    ObjectNode answer =
        OutFolder.write(out, folder -> PlanFolder.write(read, planner, plan, folder));
    answer.put("readSeconds", (began - start) / 1e9);
    answer.put("planSeconds", (planned - began) / 1e9);
    output.show(answer, PlanCommand::table);
    if (!plan.complete()) {
      output.note(
          "the plan was cut short by --deadline-seconds %s: more time may find a better one"
              .formatted(deadlineSeconds));
    }
    return ExitStatus.DONE;
  }

  private static Table table(JsonNode answer) {
    Table table = new Table("ALGORITHM", "COST BEFORE", "COST AFTER", "STEPS", "VMS", "SECONDS");
    table.row(
        Json.cell(answer, "algorithm"),
        "%.6g".formatted(answer.path("costBefore").asDouble()),
        "%.6g".formatted(answer.path("costAfter").asDouble()),
        Json.cell(answer, "steps"),
        Json.cell(answer, "movedVms"),
        "%.2f".formatted(answer.path("planSeconds").asDouble()));
    return table;
  }

  private Limits limits() {
    if (movesMax < 0 || memoryMibMax < 0) {
      throw new ParameterException(spec.commandLine(), "a budget cannot be below 0");
    }
    return new Limits(movesMax, memoryMibMax);
  }

  private Objective objective() {
    if (weights == null) {
      return Objective.LINK_LOAD;
    }
    Map<String, Double> left = new LinkedHashMap<>(weights);
    try {
      Objective objective =
          new Objective(
              take(left, "link-load"),
              take(left, "rtt"),
              take(left, "data-charges"),
              take(left, "site-load"),
              take(left, "site-price"),
              take(left, "migration"));
      if (!left.isEmpty()) {
        String unknown = left.keySet().iterator().next();
        throw new ParameterException(
            spec.commandLine(), "--weight: no term '" + unknown + "'; there are " + TERMS);
      }
      return objective;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--weight: " + e.getMessage(), e);
    }
  }

  private static double take(Map<String, Double> weights, String term) {
    Double weight = weights.remove(term);
    return weight == null ? 0 : weight;
  }
}
