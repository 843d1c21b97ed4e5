package io.sterna.cli;

import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code sterna config}: questions about configuration files. */
@Command(
    name = "config",
    description = "Check configuration files.",
    footer = {"", "Examples:", "  sterna config check /etc/sterna/c1.conf"})
final class ConfigCommand {
  private final Roles roles;
  private final Terminal terminal;

  ConfigCommand(Roles roles, Terminal terminal) {
    this.roles = roles;
    this.terminal = terminal;
  }

  @Command(
      name = "check",
      description = {
        "Check a controller's or forwarding element's file, and the certificates, keys and lists it names.",
        "Exit status 2 and one line 'file: key: reason' if it is bad. Ports are not tried: the role",
        "may be running."
      },
      footer = {
        "",
        "Examples:",
        "  sterna config check c1.conf",
        "  sterna config check /etc/sterna/fe.conf"
      })
  int check(@Parameters(paramLabel = "FILE", description = "The file to check.") Path file)
      throws ConfigFileException {
    terminal.out().println(file + ": ok: " + roles.check(file));
    terminal.out().flush();
    return ExitStatus.DONE;
  }
}
