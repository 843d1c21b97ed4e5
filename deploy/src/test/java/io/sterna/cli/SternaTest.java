package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.store.cassandra.NodeSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class SternaTest {
  @Test
  void everyCommandExplainsItselfWithAnExample() {
    PrintWriter nobody = new PrintWriter(new StringWriter());
    Terminal nowhere = new Terminal(nobody, nobody);
    CommandLine top = Sterna.commandLine(nowhere, new RoleProcesses(nowhere));
    checkHelp(top);
  }

  private static void checkHelp(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    Ran help = Ran.sterna((name.replaceFirst("^sterna ?", "") + " --help").strip().split(" "));
    assertEquals(0, help.status(), name);
    assertEquals("", help.err(), name);
    assertTrue(help.out().contains("Usage: " + name), help.out());
    assertTrue(help.out().contains("Examples:"), name);
    assertTrue(help.out().contains("  sterna"), name);
    command.getSubcommands().values().forEach(SternaTest::checkHelp);
  }

  @Test
  void listsOfCommandsSayWholeSentencesAndExamplesStayLines() {
    String help = Ran.sterna("audit", "--help").out().replaceAll("\\s+", " ");
    assertTrue(help.contains("rebuilt from the journal."), help);
    assertTrue(help.contains("and show what was moved."), help);
    String lines = Ran.sterna("audit", "--help").out();
    assertTrue(
        lines.contains(
            "  sterna audit export --out record.jsonl && sterna audit verify --file record.jsonl\n"),
        lines);
    assertEquals("Made by 'a. b'.", HelpText.firstSentence("Made by 'a. b'. Or so."));
    assertEquals(
        List.of("one two", "threefour", "five"), HelpText.wrapped("one two threefour five", 8));
    String wrong = Ran.sterna("status", "--output", "xml").err();
    assertTrue(wrong.contains("one of [table, json, csv] but was 'xml'"), wrong);
  }

  @Test
  void versionNamesItself() {
    Ran version = Ran.sterna("--version");
    assertEquals(0, version.status());
    assertTrue(version.out().startsWith("sterna "), version.out());
  }

  @Test
  void badUsageIsOneLineAndStatus2() {
    for (String line :
        List.of(
            "",
            "fly",
            "vm",
            "vm show",
            "fe",
            "controller",
            "status --output xml",
            "demo --moves 0",
            "demo --moves many",
            "lab",
            "lab move vm11",
            "load",
            "load run",
            "load sync",
            "bench --only fly",
            "bench --seconds 0",
            "bench --work /no/such/folder",
            "ca issue fe Bad_Name --ca ca --out out",
            "ca init --out out --days 0",
            "cassandra --data d --port 70000",
            "cassandra --data d --listen 192.0.2.1",
            "audit log --limit 0",
            "audit history 10.0.0.1 --limit 0",
            "audit log --follow --limit 3",
            "audit verify --key k",
            "status --api")) {
      Ran ran = Ran.sterna(line.isEmpty() ? new String[0] : line.split(" "));
      assertEquals(2, ran.status(), line);
      assertEquals("", ran.out(), line);
      assertEquals(1, ran.err().lines().count(), ran.err());
      assertTrue(ran.err().contains("--help"), ran.err());
      assertEquals(List.of(), ran.started(), line);
    }
  }

  @Test
  void whatCannotBeAnAddressOrAFileIsOneLine(@TempDir Path folder) throws Exception {
    for (String api : List.of("foo", "http://127.0.0.1:99999", "http://127.0.0.1:0", "ftp://a")) {
      Ran ran = Ran.sterna("status", "--api", api);
      assertEquals(2, ran.status(), ran.err());
      assertEquals("sterna: '" + api + "' is not an address like http://HOST:PORT\n", ran.err());
    }
    Path scenario = folder.resolve("nope.yaml");
    Ran none = Ran.sterna("load", "run", scenario.toString());
    assertEquals(scenario + ": does not exist\n", none.err());
    String result = folder.resolve("none/x.json").toString();
    Ran nowhere = Ran.sterna("load", "run", scenario.toString(), "--result", result);
    assertEquals(
        "sterna: --result: there is no folder " + folder.resolve("none") + "\n", nowhere.err());
    Path file = folder.resolve("nope.jsonl");
    assertEquals(
        "sterna: cannot read " + file + ": does not exist\n",
        Ran.sterna("audit", "verify", "--file", file.toString()).err());
    Files.writeString(file, "sterna {\n");
    assertEquals(1, Ran.sterna("audit", "verify", "--file", file.toString()).err().lines().count());
    String key = folder.resolve("audit.key").toString();
    assertEquals(0, Ran.sterna("audit", "keygen", "--out", key).status());
    assertEquals(
        "sterna: cannot write the keys: " + key + ": exists already\n",
        Ran.sterna("audit", "keygen", "--out", key).err());
    Ran token =
        Ran.sterna("relocation", "propose", "--token-file", folder.resolve("no.token").toString());
    assertEquals(
        "sterna: cannot read the token: " + folder.resolve("no.token") + ": does not exist\n",
        token.err());
  }

  @Test
  void aSignalWhileARoleStartsIsNoInternalError() {
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(err, true), new PrintWriter(err, true));
    Roles ended =
        new Roles() {
          @Override
          public void controller(Path config) {
            throw new IllegalStateException("Shutdown in progress");
          }

          @Override
          public void forwardingElement(Path config) {}

          @Override
          public void cassandra(NodeSettings node) {}

          @Override
          public String check(Path config) {
            return "";
          }
        };
    assertEquals(1, Sterna.commandLine(terminal, ended).execute("controller", "--config", "c"));
    assertEquals("sterna: was ended while it started\n", err.toString());
  }

  @Test
  void badScenarioIsOneLineAndStatus2(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("load.yaml"), "fess: 8\n");
    Ran ran = Ran.sterna("load", "run", file.toString());
    assertEquals(2, ran.status());
    assertEquals("", ran.out());
    assertEquals(1, ran.err().lines().count(), ran.err());
    assertTrue(ran.err().startsWith(file + ": fess: unknown key"), ran.err());
  }

  @Test
  void rolesStartWithTheirArguments() {
    assertEquals(
        List.of("controller c1.conf"), Ran.sterna("controller", "--config", "c1.conf").started());
    assertEquals(List.of("fe fe1.conf"), Ran.sterna("fe", "--config", "fe1.conf").started());
  }

  @Test
  void cassandraRefusesATakenPort() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      Ran refused = Ran.sterna("cassandra", "--data", "d", "--port", port);
      assertEquals(2, refused.status());
      assertTrue(refused.err().contains("--port: port " + port), refused.err());
      assertEquals(List.of(), refused.started());
    }
  }

  @Test
  void cassandraStartsOnFreePorts() throws Exception {
    int port = freePort();
    Ran started =
        Ran.sterna(
            "cassandra",
            "--data=d",
            "--port=" + port,
            "--storage-port=" + freePort(),
            "--commit-log-sync=batch");
    assertEquals(List.of("cassandra d " + port + " BATCH"), started.started(), started.err());
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
