package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
  private final ApiCommand output;

  ConfigCommand(Roles roles, ApiCommand output) {
    this.roles = roles;
    this.output = output;
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
    String configures = roles.check(file);
    if (output.json() || output.csv()) {
      ObjectNode answer = Json.MAPPER.createObjectNode();
      answer.put("file", file.toString()).put("ok", true).put("configures", configures);
      output.show(answer, ConfigCommand::table);
    } else {
      output.out().println(file + ": ok: " + configures);
      output.out().flush();
    }
    return ExitStatus.DONE;
  }

  private static Table table(JsonNode answer) {
    Table table = new Table("FILE", "OK", "CONFIGURES");
    table.row(Json.cell(answer, "file"), Json.cell(answer, "ok"), Json.cell(answer, "configures"));
    return table;
  }
}
