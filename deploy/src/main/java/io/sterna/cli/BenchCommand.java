package io.sterna.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.bench.Bench;
import io.sterna.bench.BenchSettings;
import io.sterna.bench.Figure;
import io.sterna.bench.PeerSuite;
import io.sterna.bench.Suite;
import io.sterna.bench.Target;
import io.sterna.lab.Progress;
import io.sterna.lab.UnwindOnExit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sterna bench}: the figures. */
@Command(
    name = "bench",
    description = {
      "Measure Sterna on this machine: real processes on loopback, one figure after the other.",
      "Each figure is printed with its bar. One that cannot be measured is printed as well, with the",
      "reason. Exit status 0 only if every figure was measured and reaches its bar. With",
      "--output json, one JSON object a line and figure: name, value, unit, bar, holds, conditions."
    },
    footer = {
      "",
      "Examples:",
      "  sterna bench --list",
      "  sterna bench --output json > figures.jsonl",
      "  sterna bench --only changes-8-fes,cpu-per-change-8-fes",
      "  sterna bench --only latency --work /var/tmp",
      "  sterna bench --only changes-8-fes --warm-up-seconds 10 --seconds 20",
      "  sterna bench --peers --only changes-8-fes-fsync-to-etcd --output json"
    })
final class BenchCommand implements Callable<Integer> {
  private final GlobalOptions options;
  private final Terminal terminal;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(names = "--list", description = "Print the figures and their bars, and measure nothing.")
  private boolean list;

  @Option(
      names = "--peers",
      description = {
        "Compare with what a user would pick instead: BIRD, FRR, GoBGP and etcd, installed already",
        "(deploy/bench --peers installs them). Only as root."
      })
  private boolean peers;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      split = ",",
      description = {
        "Measure these figures only. The beginning of names up to a dash means all of them: jmh,",
        "latency."
      })
  private List<String> only = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long each load is measured. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up-seconds",
      paramLabel = "N",
      defaultValue = "30",
      description =
          "How long each load runs before: Java compiles meanwhile. Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(
      names = "--settle-seconds",
      paramLabel = "N",
      defaultValue = "90",
      description = {
        "How long a load then runs at the rate at which latency is measured: Java compiles anew for",
        "it, Cassandra compacts what the warm-up wrote. Default: ${DEFAULT-VALUE}."
      })
  private int settleSeconds;

  @Option(
      names = "--stall-seconds",
      paramLabel = "N",
      defaultValue = "300",
      description = "How long an element stalls, where one does. Default: ${DEFAULT-VALUE}.")
  private int stallSeconds;

  @Option(
      names = "--vms",
      paramLabel = "N",
      defaultValue = "100000",
      description = "VMs that are bound and move. Default: ${DEFAULT-VALUE}.")
  private int vms;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      defaultValue = "${sys:java.io.tmpdir}",
      description = {
        "Where each experiment makes a folder of its own, removed afterwards. Its disk is the one",
        "that Cassandra writes to. Default: ${DEFAULT-VALUE}."
      })
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path work;

  @Option(
      names = "--benches",
      paramLabel = "DIR",
      description = "The jars of the JMH benches, which are no part of the distribution.")
  @Nullable
  private Path benches;

  BenchCommand(GlobalOptions options, Terminal terminal) {
    this.options = options;
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<Target> targets = targets();
    if (list) {
      list(targets);
      return ExitStatus.DONE;
    }
    if (peers && !"root".equals(System.getProperty("user.name"))) {
      throw bad("--peers needs root: every peer runs in network namespaces of its own (try sudo)");
    }
    BenchSettings settings = settings();
    Bench bench = new Bench(settings, new Progress(System.err));
    Table table = new Table("FIGURE", "VALUE", "UNIT", "BAR", "HOLDS", "FAILURE");
    boolean all = true;
    UnwindOnExit unwind = UnwindOnExit.ofThisThread();
    try {
      for (Target target : targets) {
        Figure figure = target.measure(bench);
        all &= figure.holds();
        show(figure, table);
        if (Thread.currentThread().isInterrupted()) {
          return ExitStatus.FAILED;
        }
      }
    } finally {
      if (options.output() == OutputFormat.TABLE) {
        table.print(terminal.out());
      } else if (options.output() == OutputFormat.CSV) {
        table.printCsv(terminal.out());
      }
      unwind.close();
    }
    return all ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private List<Target> targets() {
    List<Target> all = peers ? PeerSuite.all() : Suite.all();
    Set<String> meant = new LinkedHashSet<>();
    for (String name : only) {
      List<Target> found = Suite.named(all, name);
      if (found.isEmpty()) {
        throw bad("--only: no figure '" + name + "'; --list shows them");
      }
      found.forEach(target -> meant.add(target.name()));
    }
    return all.stream().filter(each -> only.isEmpty() || meant.contains(each.name())).toList();
  }

  private void list(List<Target> targets) {
    Table table = new Table("FIGURE", "BAR", "UNIT", "WHAT");
    ObjectNode all = Json.MAPPER.createObjectNode();
    ArrayNode figures = all.putArray("figures");
    for (Target each : targets) {
      String bar = each.bar().map(Object::toString).orElse("");
      table.row(each.name(), bar, each.unit(), each.about());
      ObjectNode figure = figures.addObject().put("name", each.name());
      figure.put("bar", each.bar().map(Object::toString).orElse(null));
      figure.put("unit", each.unit()).put("about", each.about());
    }
    switch (options.output()) {
      case JSON -> Json.print(all, terminal.out());
      case CSV -> table.printCsv(terminal.out());
      case TABLE -> table.print(terminal.out());
    }
  }

  private void show(Figure figure, Table table) {
    String value = figure.toJson().path("value").asText("");
    String bar = figure.bar().map(Object::toString).orElse("");
    String holds = figure.holds() ? "yes" : "no";
    String failure = figure.failure().orElse("");
    table.row(figure.name(), value, figure.unit(), bar, holds, failure);
    if (options.output() == OutputFormat.JSON) {
      terminal.out().println(figure.toJson());
      terminal.out().flush();
    }
  }

  private BenchSettings settings() {
    if (seconds < 1 || stallSeconds < 1 || warmUpSeconds < 0 || settleSeconds < 0 || vms < 1) {
      throw bad("only --warm-up-seconds and --settle-seconds may be 0, and nothing below");
    }
    if (!Files.isDirectory(work)) {
      throw bad("--work: " + work + " is no folder");
    }
    if (benches != null && !Files.isDirectory(benches)) {
      throw bad("--benches: " + benches + " is no folder");
    }
    return new BenchSettings(
        work.toAbsolutePath(),
        new Version().getVersion()[0],
        Duration.ofSeconds(warmUpSeconds),
        Duration.ofSeconds(settleSeconds),
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(stallSeconds),
        vms,
        Optional.ofNullable(benches));
  }

  private ParameterException bad(String reason) {
    return new ParameterException(spec.commandLine(), reason);
  }
}
