package io.sterna.cli;

import io.sterna.ca.AuthorityException;
import io.sterna.lab.LabException;
import io.sterna.planning.BadScenarioException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code sterna} command. */
@Command(
    name = "sterna",
    versionProvider = Version.class,
    description = "Virtual machines move between data centers and keep their address.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  sterna demo                                  # as root: the whole story",
      "  sterna status",
      "  sterna vm show 10.10.1.11 --output json",
      "  sterna controller --config /etc/sterna/c1.conf",
      "",
      "Exit status: 0 done, 1 the operation failed or its result could not be written,",
      "2 bad usage or configuration."
    })
public final class Sterna implements Callable<Integer> {
  private static final Pattern CHOICES =
      Pattern.compile("(one of \\[[A-Z0-9_, ]+\\]) \\(case-insensitive\\) ");

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private Sterna() {}

  /** Runs one command and ends the process with its status. */
  public static void main(String[] arguments) {
    Terminal terminal = Terminal.ofProcess();
    CommandLine line = commandLine(terminal, new RoleProcesses(terminal));
    int status = line.execute(arguments);
    // Of what failed, too, all is shown that there is.
    terminal.out().flush();
    System.out.flush();
    System.exit(status);
  }

  static CommandLine commandLine(Terminal terminal, Roles roles) {
    GlobalOptions options = new GlobalOptions();
    ApiCommand api = new ApiCommand(options, terminal);
    CaCommand ca = new CaCommand(api, InstantSource.system());
    CommandLine line =
        new CommandLine(new Sterna())
            .addMixin("globalOptions", options)
            .addSubcommand(new StatusCommand(api))
            .addSubcommand(new VmCommand(api))
            .addSubcommand(new TrafficCommand(api))
            .addSubcommand(audit(api, terminal))
            .addSubcommand(new OperatorCommand(api))
            .addSubcommand(new FeCommand(api, roles))
            .addSubcommand(new ControllerCommand(roles))
            .addSubcommand(new CassandraCommand(roles))
            .addSubcommand(new CommandLine(ca).addSubcommand(new CaCommand.Issue(ca)))
            .addSubcommand(new ConfigCommand(roles, api))
            .addSubcommand(new LabCommand(api))
            .addSubcommand(new LoadCommand(api, terminal))
            .addSubcommand(new RelocationCommand(api))
            .addSubcommand(new PlanCommand(api))
            .addSubcommand(new ScenarioCommand(api))
            .addSubcommand(new BenchCommand(options, terminal))
            .addSubcommand(new DemoCommand(options));
    return ArgumentTypes.registerOn(HelpText.applyTo(line))
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(parsed -> executed(parsed, terminal))
        .setParameterExceptionHandler(Sterna::explainUsage)
        .setExecutionExceptionHandler(Sterna::explainFailure);
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  /** Results that nobody gets are no success, whichever command they are of. */
  private static int executed(CommandLine.ParseResult parsed, Terminal terminal) {
    int status = new CommandLine.RunLast().execute(parsed);
    System.out.flush();
    if (!terminal.flushLost()) {
      return status;
    }
    terminal.err().println("sterna: standard output: cannot be written");
    return status == ExitStatus.DONE ? ExitStatus.FAILED : status;
  }

  private static CommandLine audit(ApiCommand api, Terminal terminal) {
    return new CommandLine(new AuditCommand(api))
        .addSubcommand(new AuditReplayCommand(api, terminal))
        .addSubcommand(new AuditRestoreCommand(api, Confirmation.ofPerson(terminal)))
        .addSubcommand(new AuditArchiveCommand(api));
  }

  private static int explainUsage(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    String name = line.getCommandSpec().qualifiedName();
    line.getErr().println(name + ": " + asTyped(e) + " (try '" + name + " --help')");
    return ExitStatus.BAD_USAGE;
  }

  /** Words of a closed list as help writes them, not as Java does. */
  private static String asTyped(ParameterException e) {
    return CHOICES
        .matcher(String.valueOf(e.getMessage()))
        .replaceAll(found -> found.group(1).toLowerCase(Locale.ROOT) + " ");
  }

  private static int explainFailure(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
    if (e instanceof ConfigFileException) {
      // Exactly 'file: key: reason', so that editors and scripts find the place.
      line.getErr().println(e.getMessage());
      return ExitStatus.BAD_USAGE;
    }
    if (e instanceof BadScenarioException) {
      // Lines of 'file:line: reason', for the same.
      line.getErr().println(e.getMessage());
      return ExitStatus.BAD_USAGE;
    }
    if (isEnding(e)) {
      line.getErr().println("sterna: was ended while it started");
      return ExitStatus.FAILED;
    }
    if (e instanceof OperationFailedException failed) {
      line.getErr().println("sterna: " + e.getMessage());
      return isFileMissing(e) ? ExitStatus.BAD_USAGE : failed.exitStatus();
    }
    boolean expected = e instanceof AuthorityException || e instanceof LabException;
    if (expected) {
      line.getErr().println("sterna: " + e.getMessage());
    } else {
      line.getErr().println("sterna: internal error: " + e);
      e.printStackTrace(line.getErr());
    }
    return expected && isFileMissing(e) ? ExitStatus.BAD_USAGE : ExitStatus.FAILED;
  }

  /** The files that commands say this of are named by their arguments. */
  private static boolean isFileMissing(Exception e) {
    return !(e instanceof LabException) && e.getCause() instanceof NoSuchFileException;
  }

  /** Java says so to whoever begins something once a signal has come. */
  private static boolean isEnding(Exception e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof IllegalStateException
          && "Shutdown in progress".equals(each.getMessage())) {
        return true;
      }
    }
    return false;
  }
}
