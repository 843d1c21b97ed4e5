package io.sterna.store.cassandra;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How a local Cassandra node runs.
 *
 * @param dataDir everything the node writes: tables, logs, its generated configuration
 * @param cacheDir where the class archive is kept that halves the time of a start; may be shared
 * @param listenAddress literal address for clients and for other nodes
 * @param cqlPort where clients connect
 * @param storagePort where other nodes connect; taken also when there are none
 * @param jmxPort for nodetool, on the loopback interface only; 0 = no JMX
 * @param heapMebibytes the whole Java heap, 256 or more
 * @param commitLogSync what an acknowledged write has survived
 * @param javaHome the Java 17 to run it with
 * @param startBound how long the first answered query may take
 */
public record NodeSettings(
    Path dataDir,
    Path cacheDir,
    String listenAddress,
    int cqlPort,
    int storagePort,
    int jmxPort,
    int heapMebibytes,
    CommitLogSync commitLogSync,
    Path javaHome,
    Duration startBound) {
  /** What an acknowledged write has survived. */
  public enum CommitLogSync {
    /** Written to the file, fsynced within 10 s: survives the process, not a power cut. */
    PERIODIC,
    /** Fsynced before it is acknowledged: survives a power cut of the only copy. */
    BATCH;

    /** As in cassandra.yaml. */
    String yaml() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int HEAP_MEBIBYTES_MIN = 256;
  private static final int PORT_MAX = 65_535;

  /**
   * @throws IllegalArgumentException naming the key and what is wrong with it
   */
  public NodeSettings {
    dataDir = dataDir.toAbsolutePath().normalize();
    cacheDir = cacheDir.toAbsolutePath().normalize();
    javaHome = javaHome.toAbsolutePath().normalize();
    checkPort("cql-port", cqlPort, 1);
    checkPort("storage-port", storagePort, 1);
    checkPort("jmx-port", jmxPort, 0);
    Set<Integer> distinct = new LinkedHashSet<>(List.of(cqlPort, storagePort, jmxPort));
    if (distinct.size() < 3) {
      throw new IllegalArgumentException(
          "cql-port, storage-port and jmx-port must differ from each other");
    }
    if (heapMebibytes < HEAP_MEBIBYTES_MIN) {
      throw new IllegalArgumentException(
          "heap-mebibytes " + heapMebibytes + " is below " + HEAP_MEBIBYTES_MIN);
    }
    if (listenAddress.isBlank()) {
      throw new IllegalArgumentException("listen-address is empty");
    }
  }

  /**
   * A node for this machine only: 127.0.0.1, ports 9042 and 7000, no JMX, 512 MiB of heap, periodic
   * sync, the Java of this process, class archive beside the data.
   */
  public static NodeSettings in(Path dataDir) {
    return new NodeSettings(
        dataDir,
        dataDir.resolve("cache"),
        "127.0.0.1",
        9042,
        7000,
        0,
        512,
        CommitLogSync.PERIODIC,
        Path.of(System.getProperty("java.home")),
        Duration.ofMinutes(2));
  }

  /** The same with another folder for the class archive. */
  public NodeSettings withCacheDir(Path other) {
    return new NodeSettings(
        dataDir,
        other,
        listenAddress,
        cqlPort,
        storagePort,
        jmxPort,
        heapMebibytes,
        commitLogSync,
        javaHome,
        startBound);
  }

  /** The same with other ports. */
  public NodeSettings withPorts(int cql, int storage, int jmx) {
    return new NodeSettings(
        dataDir,
        cacheDir,
        listenAddress,
        cql,
        storage,
        jmx,
        heapMebibytes,
        commitLogSync,
        javaHome,
        startBound);
  }

  /** The same with another heap. */
  public NodeSettings withHeapMebibytes(int other) {
    return new NodeSettings(
        dataDir,
        cacheDir,
        listenAddress,
        cqlPort,
        storagePort,
        jmxPort,
        other,
        commitLogSync,
        javaHome,
        startBound);
  }

  /** The same with another promise to writers. */
  public NodeSettings withCommitLogSync(CommitLogSync other) {
    return new NodeSettings(
        dataDir,
        cacheDir,
        listenAddress,
        cqlPort,
        storagePort,
        jmxPort,
        heapMebibytes,
        other,
        javaHome,
        startBound);
  }

  /** The same with another Java. */
  public NodeSettings withJavaHome(Path other) {
    return new NodeSettings(
        dataDir,
        cacheDir,
        listenAddress,
        cqlPort,
        storagePort,
        jmxPort,
        heapMebibytes,
        commitLogSync,
        other,
        startBound);
  }

  /** {@code address:port} for {@link CassandraSettings}. */
  public String contactPoint() {
    return listenAddress + ":" + cqlPort;
  }

  private static void checkPort(String key, int port, int least) {
    if (port < least || port > PORT_MAX) {
      throw new IllegalArgumentException(
          key + " " + port + " is not between " + least + " and " + PORT_MAX);
    }
  }
}
