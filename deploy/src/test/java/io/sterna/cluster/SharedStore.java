package io.sterna.cluster;

import io.sterna.lab.LabException;
import io.sterna.lab.LabPorts;
import io.sterna.store.cassandra.LocalCassandra;
import io.sterna.store.cassandra.NodeException;
import io.sterna.store.cassandra.NodeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Cassandra node for all tests of a run whose controllers are in this process: give a method a
 * parameter of this type. Whoever needs a node that stops or is fresh starts one of its own.
 */
final class SharedStore implements AutoCloseable {
  private static final int HEAP_MEBIBYTES = 384;

  private final LocalCassandra node;
  private final LabPorts ports;
  private final Path dataDir;
  private int keyspaces;

  private SharedStore(LocalCassandra node, LabPorts ports, Path dataDir) {
    this.node = node;
    this.ports = ports;
    this.dataDir = dataDir;
  }

  /** These ports, but of a lab whose controllers keep everything here. */
  LabPorts of(LabPorts lab) {
    return new LabPorts(ports.cql(), ports.storage(), lab.controllers());
  }

  /** The name of a keyspace that nobody has yet; whoever uses it creates it. */
  String freeKeyspace() {
    keyspaces++;
    return "sterna_" + keyspaces;
  }

  @Override
  public void close() throws IOException {
    node.close();
    try (var paths = Files.walk(dataDir)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  /** The node that this build has made runs, and keeps its class archive for the next run. */
  private static SharedStore start() {
    try {
      LabPorts ports = LabPorts.free();
      Path target = Path.of("target");
      Path dataDir = Files.createTempDirectory("sterna-cluster-it");
      NodeSettings settings =
          NodeSettings.in(dataDir)
              .withCacheDir(target.resolve("cassandra-cache"))
              .withHeapMebibytes(HEAP_MEBIBYTES)
              .withPorts(ports.cql(), ports.storage(), 0);
      Path lib = target.resolve("sterna/cassandra-lib");
      return new SharedStore(LocalCassandra.start(settings, lib, (what, t) -> {}), ports, dataDir);
    } catch (IOException | LabException | NodeException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts the node for the first test that wants it; JUnit closes it after the last. */
  static final class Resolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SharedStore.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .getOrComputeIfAbsent(SharedStore.class, key -> start(), SharedStore.class);
    }
  }
}
