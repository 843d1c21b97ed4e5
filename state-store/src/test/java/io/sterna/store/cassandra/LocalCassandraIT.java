package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCassandraIT {
  /** Several times what passes between two marks in the commit log. */
  private static final Duration WRITING = Duration.ofMillis(500);

  private static final long STOP_BOUND_SECONDS = 60;

  @Test
  void keepsWhatItAcknowledgedThroughEveryDeath(@TempDir Path dataDir) throws Exception {
    NodeSettings settings = SharedNode.nodeSettings(dataDir);
    ProcessHandle orphan = startWithParentAndKillParent(settings);

    // Started while the orphan still stops: waits for it, then recovers its rows.
    try (LocalCassandra node = start(settings)) {
      assertTrue(!orphan.isAlive());
      assertEquals(List.of(1), values(settings));
      assertInUse(settings, node);
      insert(settings, 2);
      assertWorkersMayWakeLate(node);
      node.kill();
      assertEquals(137, node.whenTerminated().get(1, TimeUnit.SECONDS));
    }
    try (LocalCassandra node = start(settings)) {
      assertEquals(List.of(1, 2), values(settings));
      assertTrue(ProcessHandle.of(node.pid()).isPresent());
    }
  }

  @Test
  void keepsWhatItAcknowledgedJustBeforeItWasKilled(@TempDir Path dataDir) throws Exception {
    NodeSettings settings = SharedNode.nodeSettings(dataDir);
    int acknowledged = 0;
    try (LocalCassandra node = start(settings)) {
      createRows(settings);
      insert(settings, 0);
      try (CqlSession session = session(settings)) {
        long untilNanos = System.nanoTime() + WRITING.toNanos();
        while (System.nanoTime() < untilNanos) {
          acknowledged++;
          session.execute("INSERT INTO kept.rows (id) VALUES (" + acknowledged + ")");
        }
        node.kill();
      }
    }
    try (LocalCassandra node = start(settings)) {
      assertTrue(ProcessHandle.of(node.pid()).isPresent());
      assertEquals(IntStream.rangeClosed(0, acknowledged).boxed().toList(), values(settings));
    }
  }

  @Test
  void saysWhichPortIsTaken(@TempDir Path dataDir) throws Exception {
    NodeSettings settings = SharedNode.nodeSettings(dataDir);
    try (ServerSocket other =
        new ServerSocket(settings.storagePort(), 1, InetAddress.getLoopbackAddress())) {
      NodeException e = assertThrows(NodeException.class, () -> start(settings));
      assertEquals(
          "storage-port: cannot listen on 127.0.0.1 port "
              + other.getLocalPort()
              + ": Address already in use",
          e.getMessage());
    }
  }

  @Test
  void showsTheLastWordsOfANodeThatDies(@TempDir Path dataDir) throws Exception {
    NodeSettings settings = SharedNode.nodeSettings(dataDir);
    // A file where Cassandra wants a folder.
    Files.createDirectories(dataDir.resolve("data"));
    Files.writeString(dataDir.resolve("data/commitlog"), "");
    NodeException e = assertThrows(NodeException.class, () -> start(settings));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("while it started; the last lines of"), message);
    assertTrue(message.contains("commitlog"), message);
  }

  private static void assertWorkersMayWakeLate(LocalCassandra node) throws IOException {
    int workers = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc/" + node.pid() + "/task"))) {
      for (Path thread : threads.toList()) {
        if (nameOf(thread).startsWith("SharedPool")) {
          workers++;
          Path slack = Path.of("/proc/" + thread.getFileName() + "/timerslack_ns");
          assertEquals("200000", Files.readString(slack).strip());
        }
      }
    }
    assertTrue(workers > 0);
  }

  private static String nameOf(Path thread) throws IOException {
    try {
      return Files.readString(thread.resolve("comm"));
    } catch (NoSuchFileException e) {
      return "ended meanwhile";
    }
  }

  private static void assertInUse(NodeSettings settings, LocalCassandra node) {
    NodeFiles files = new NodeFiles(settings.dataDir());
    NodeException e =
        assertThrows(
            NodeException.class,
            () -> StartChecks.awaitUnused(files, Duration.ofMillis(100), (what, t) -> {}));
    assertEquals(
        "data-dir: " + settings.dataDir() + " is in use by process " + node.pid(), e.getMessage());
  }

  /** Returns the node, which is about to stop because its parent is gone. */
  private static ProcessHandle startWithParentAndKillParent(NodeSettings settings)
      throws Exception {
    Process parent =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                NodeParent.class.getName(),
                settings.dataDir().toString(),
                SharedNode.libDir().toString(),
                settings.cacheDir().toString(),
                Integer.toString(settings.cqlPort()),
                Integer.toString(settings.storagePort()))
            .inheritIO()
            .start();
    try {
      Path pid = settings.dataDir().resolve("node.pid");
      while (!Files.exists(pid)) {
        assertTrue(!parent.waitFor(50, TimeUnit.MILLISECONDS), "the parent ended early");
      }
      ProcessHandle node =
          ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
      createRows(settings);
      insert(settings, 1);
      assertTrue(node.isAlive());
      return node;
    } finally {
      parent.destroyForcibly();
      assertTrue(parent.waitFor(STOP_BOUND_SECONDS, TimeUnit.SECONDS));
    }
  }

  private static LocalCassandra start(NodeSettings settings)
      throws NodeException, InterruptedException {
    return LocalCassandra.start(settings, SharedNode.libDir(), (what, t) -> {});
  }

  private static void createRows(NodeSettings settings) throws Exception {
    try (CqlSession session = session(settings)) {
      Schema.create(session, store(settings));
      session.execute("CREATE TABLE kept.rows (id int PRIMARY KEY)");
    }
  }

  private static void insert(NodeSettings settings, int id) throws Exception {
    try (CqlSession session = session(settings)) {
      session.execute("INSERT INTO kept.rows (id) VALUES (" + id + ")");
    }
  }

  private static List<Integer> values(NodeSettings settings) throws Exception {
    try (CqlSession session = session(settings)) {
      return session.execute("SELECT id FROM kept.rows").all().stream()
          .map(row -> row.getInt("id"))
          .sorted()
          .toList();
    }
  }

  private static CqlSession session(NodeSettings settings) throws Exception {
    return SharedNode.session(store(settings));
  }

  private static CassandraSettings store(NodeSettings settings) {
    return new CassandraSettings(List.of(settings.contactPoint()), "datacenter1", "kept", 1);
  }
}
