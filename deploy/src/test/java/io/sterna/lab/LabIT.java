package io.sterna.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.process.LabProcess;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lab stands or it does not, whatever happens; in place of Sterna's processes stand others. */
class LabIT {
  private static final List<String> ENDS = List.of("sh", "-c", "echo cannot start >&2; exit 1");
  private static final List<String> HANGS = List.of("sh", "-c", "exec sleep 600");

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  private final Progress silent = new Progress(LabOfTests.silence());
  private final LabPlan plan = LabPlan.standard(LabOfTests.PREFIX);

  private LabSettings settings(List<String> command) throws LabException {
    return LabOfTests.withoutStore(folder).withCommand(command);
  }

  @BeforeEach
  @AfterEach
  void removeEverything() throws Exception {
    Lab.inNamespaces(settings(ENDS)).down(silent);
    assertNothingStands();
  }

  private void assertNothingStands() {
    for (String namespace : plan.namespaces()) {
      assertFalse(Files.exists(Path.of("/run/netns", namespace)), namespace);
    }
    assertFalse(Files.exists(folder.resolve("state/lab.json")));
  }

  @Test
  void leavesNothingButLogsWhenAProcessEnds() throws Exception {
    Lab lab = Lab.inNamespaces(settings(ENDS));
    LabException failed = assertThrows(LabException.class, () -> up(lab));
    assertTrue(failed.getMessage().contains("cassandra has ended"), failed.getMessage());
    assertTrue(failed.getMessage().contains("cannot start"), failed.getMessage());
    assertNothingStands();
    assertTrue(Files.exists(folder.resolve("work/log/cassandra.log")));
  }

  @Test
  void secondStartIsRefusedWhileTheFirstIsUnderWayAndAnInterruptRemovesAll() throws Exception {
    AtomicReference<String> reason = new AtomicReference<>("");
    Thread first =
        new Thread(
            () -> {
              try {
                up(Lab.inNamespaces(settings(HANGS)));
              } catch (LabException e) {
                reason.set(e.getMessage());
              }
            });
    first.start();
    await(() -> Files.exists(folder.resolve("work/log/cassandra.log")));
    Lab second = Lab.inNamespaces(settings(HANGS));
    LabException refused = assertThrows(LabException.class, () -> up(second));
    assertTrue(refused.getMessage().contains("another command"), refused.getMessage());
    first.interrupt();
    first.join(TimeUnit.SECONDS.toMillis(30));
    assertFalse(first.isAlive());
    String said = String.valueOf(reason.get());
    assertTrue(said.contains("interrupted"), said);
    assertNothingStands();
  }

  @Test
  void standingLabIsNamedAndADeadOneIsRemoved() throws Exception {
    Lab lab = Lab.inNamespaces(settings(ENDS));
    Process living = new ProcessBuilder("sleep", "600").start();
    try {
      Instant started = living.info().startInstant().orElseThrow();
      Files.createDirectories(folder.resolve("state"));
      LabProcess process =
          new LabProcess("c1", living.pid(), started.toEpochMilli(), List.of(), folder);
      new LabState(LabOfTests.PREFIX, List.of("http://127.0.0.1:1"), List.of(process))
          .write(folder.resolve("state"));
      assertTrue(lab.status().standing());
      LabException refused = assertThrows(LabException.class, () -> up(lab));
      assertTrue(refused.getMessage().contains("sterna lab down"), refused.getMessage());
      assertTrue(refused.getMessage().contains("http://127.0.0.1:1"), refused.getMessage());
      assertTrue(living.isAlive());
    } finally {
      living.destroyForcibly().waitFor();
    }
    assertFalse(lab.status().standing());
    LabException failed = assertThrows(LabException.class, () -> up(lab));
    assertTrue(failed.getMessage().contains("cassandra has ended"), failed.getMessage());
  }

  @Test
  void processIdOfAnotherProcessIsNotOurs() throws Exception {
    ProcessHandle own = ProcessHandle.current();
    LabProcess reused = new LabProcess("c1", own.pid(), 1, List.of(), folder);
    assertTrue(reused.running().isEmpty());
  }

  @Test
  void portInUseIsNamedAndNothingIsMade() throws Exception {
    LabSettings settings = settings(HANGS);
    int port = settings.ports().controllers().get(1).http();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(port, taken.getLocalPort());
      LabException refused = assertThrows(LabException.class, () -> up(Lab.inNamespaces(settings)));
      assertEquals("port " + port + " (HTTP API of controller c2) is in use", refused.getMessage());
    }
    assertNothingStands();
  }

  @Test
  void movingWithoutALabIsRefused() throws Exception {
    Lab lab = Lab.inNamespaces(settings(ENDS));
    LabException refused =
        assertThrows(LabException.class, () -> lab.move("vm11", "site2", silent()));
    assertTrue(refused.getMessage().contains("sterna lab up"), refused.getMessage());
    LabException unknown =
        assertThrows(LabException.class, () -> lab.move("vm99", "site2", silent()));
    assertTrue(unknown.getMessage().contains("vm11, vm12"), unknown.getMessage());
    assertFalse(lab.status().standing());
  }

  @Test
  void killedProcessIsGoneAndStartsAgain() throws Exception {
    LabProcesses processes =
        new LabProcesses(settings(HANGS), LabProcesses.Life.WITH_US, all -> {});
    Path log = folder.resolve("x.log");
    try {
      LabProcess first = processes.start("x", log, List.of());
      assertThrows(LabException.class, () -> processes.start("x", log, List.of()));
      processes.kill("x");
      assertTrue(first.running().isEmpty());
      assertThrows(LabException.class, processes::checkRunning);
      LabProcess second = processes.restart("x");
      assertTrue(second.running().isPresent());
      processes.checkRunning();
    } finally {
      processes.stopAll();
    }
    assertTrue(processes.all().stream().allMatch(process -> process.running().isEmpty()));
  }

  private void up(Lab lab) throws LabException {
    assertNotNull(lab.up(LabProcesses.Life.WITH_US, silent));
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() - deadline < 0, "nothing happens");
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static Progress silent() {
    return new Progress(LabOfTests.silence());
  }
}
