package io.sterna.store.cassandra;

import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What would make a node fail some seconds later with a long trace is found here, in one line. */
final class StartChecks {
  private static final Duration POLL = Duration.ofMillis(50);

  private StartChecks() {}

  /**
   * The class path of a node, always in the same order: its class archive depends on it.
   *
   * @throws NodeException if the folder does not hold it
   */
  static List<Path> jarsIn(Path libDir) throws NodeException {
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(libDir, "*.jar")) {
      found.forEach(jars::add);
    } catch (IOException e) {
      throw new NodeException(
          "cannot read the jars of Cassandra in " + libDir + ": " + FileReason.why(e), e);
    }
    Collections.sort(jars);
    if (!hasJar(jars, "cassandra-all-") || !hasJar(jars, "sterna-cassandra-server-")) {
      throw new NodeException("the jars of Cassandra are not in " + libDir);
    }
    return jars;
  }

  /**
   * Waits until no node uses the folder.
   *
   * @throws NodeException if one still does after so long
   */
  static void awaitUnused(NodeFiles files, Duration bound, LocalCassandra.Progress progress)
      throws NodeException, InterruptedException {
    String what = "process " + files.lastProcess() + " to leave the data folder";
    Waiting waiting = new Waiting(bound, progress, what);
    while (isLocked(files.lock())) {
      if (waiting.isOver()) {
        throw inUse(files);
      }
      TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
    }
  }

  static NodeException inUse(NodeFiles files) {
    return new NodeException(
        "data-dir: " + files.root() + " is in use by process " + files.lastProcess());
  }

  /**
   * Tries to listen where the node will.
   *
   * @throws NodeException naming the key and the port that cannot be had
   */
  static void checkPorts(NodeSettings settings) throws NodeException {
    checkPort("cql-port", settings.listenAddress(), settings.cqlPort());
    checkPort("storage-port", settings.listenAddress(), settings.storagePort());
    if (settings.jmxPort() != 0) {
      checkPort("jmx-port", "127.0.0.1", settings.jmxPort());
    }
  }

  private static boolean hasJar(List<Path> jars, String prefix) {
    return jars.stream().anyMatch(jar -> jar.getFileName().toString().startsWith(prefix));
  }

  private static boolean isLocked(Path file) throws NodeException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      throw new NodeException("data-dir: cannot lock " + file + ": " + FileReason.why(e), e);
    }
  }

  private static void checkPort(String key, String address, int port) throws NodeException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
    } catch (IOException e) {
      throw new NodeException(
          key + ": cannot listen on " + address + " port " + port + ": " + e.getMessage(), e);
    }
  }
}
