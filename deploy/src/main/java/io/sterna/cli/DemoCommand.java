package io.sterna.cli;

import io.sterna.lab.LabException;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.story.DemoStory;
import io.sterna.lab.story.RelocationStory;
import io.sterna.lab.story.StorySettings;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sterna demo}: the story. */
@Command(
    name = "demo",
    description = {
      "Build a lab, move a VM under probes, kill its controller, tell what was lost.",
      "Exit status 0 only if every promise held: installed in every kernel within 10 ms of the",
      "announcement (median; worst 50 ms), at most 2 probes lost a move (median), no TCP",
      "connection broken, nothing lost or forgotten while a controller is dead. Needs root; without it, or without network",
      "namespaces, it says so and emulates the data plane."
    },
    footer = {
      "",
      "Examples:",
      "  sterna demo",
      "  sterna demo --moves 30 --output json",
      "  sterna demo --emulated",
      "  sterna demo --story relocation",
      "  sterna demo --keep"
    })
final class DemoCommand implements Callable<Integer> {
  private final GlobalOptions options;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--moves",
      paramLabel = "N",
      defaultValue = "" + StorySettings.DEFAULT_MOVES,
      description = "How many times the VM is moved. Default: ${DEFAULT-VALUE}.")
  private int moves;

  @Option(
      names = "--warm-up-moves",
      paramLabel = "N",
      defaultValue = "" + StorySettings.DEFAULT_WARM_UP_MOVES,
      description =
          "How many times another VM is moved before, unmeasured. Default: ${DEFAULT-VALUE}.")
  private int warmUpMoves;

  @Option(names = "--keep", description = "Leave everything running and print the API's address.")
  private boolean keep;

  @Option(
      names = "--emulated",
      description = "Emulate the data plane; controllers, Cassandra and agents stay real.")
  private boolean emulated;

  /** What can be told. */
  enum Told {
    MOVES,
    RELOCATION;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--story",
      paramLabel = "STORY",
      defaultValue = "moves",
      description = {
        "moves: a VM moves round the sites, and a controller dies.",
        "relocation: VMs of different sites talk over narrow links; Sterna sees it, proposes a plan,",
        "and moves them to where their peers are. Real namespaces only; without --moves, --keep and",
        "--emulated. Default: ${DEFAULT-VALUE}."
      })
  private Told story = Told.MOVES;

  DemoCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() throws LabException {
    boolean json = options.output() == OutputFormat.JSON;
    if (story == Told.RELOCATION && (keep || emulated)) {
      throw new ParameterException(
          spec.commandLine(), "--keep and --emulated are for the story of moves");
    }
    return story == Told.RELOCATION
        ? new RelocationStory(LabSettings.standard(), new Progress(System.err))
            .run(json, System.out)
        : new DemoStory().run(settings(), System.out, System.err);
  }

  private StorySettings settings() {
    try {
      return new StorySettings(
          LabSettings.standard(),
          moves,
          warmUpMoves,
          keep,
          emulated,
          options.output() == OutputFormat.JSON);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
