package io.sterna.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sterna controller}: the role. */
@Command(
    name = "controller",
    description = {
      "Run a controller.",
      "It owns address ranges and feeds forwarding elements. Stops on SIGTERM after it has handed its ranges over."
    },
    footer = {
      "",
      "Examples:",
      "  sterna controller --config /etc/sterna/c1.conf",
      "  sterna config check /etc/sterna/c1.conf"
    })
final class ControllerCommand implements Callable<Integer> {
  private final Roles roles;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Configuration with the root sterna.controller.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path config;

  ControllerCommand(Roles roles) {
    this.roles = roles;
  }

  @Override
  public Integer call() throws Exception {
    roles.controller(config);
    return ExitStatus.DONE;
  }
}
