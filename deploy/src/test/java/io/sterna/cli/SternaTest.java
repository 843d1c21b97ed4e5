package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
    Terminal nowhere = Terminal.ofProcess();
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
