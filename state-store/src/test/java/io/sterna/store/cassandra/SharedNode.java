package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One Cassandra node for all tests of a run: give a test method a parameter of this type. */
public final class SharedNode implements AutoCloseable {
  private final LocalCassandra node;
  private final Path dataDir;

  private SharedNode(LocalCassandra node, Path dataDir) {
    this.node = node;
    this.dataDir = dataDir;
  }

  /** Settings for a keyspace of a test's own. */
  public CassandraSettings settings(String keyspace) {
    return new CassandraSettings(List.of(node.contactPoint()), "datacenter1", keyspace, 1);
  }

  /** A session that fails instead of waiting for ever. */
  public static CqlSession session(CassandraSettings settings) throws Exception {
    return settings.sessionBuilder().buildAsync().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** The jars of the server, as built by the module cassandra-server. */
  static Path libDir() {
    return Path.of(property("sterna.cassandra.lib"));
  }

  /** A node with free ports that shares the class archive of this build. */
  static NodeSettings nodeSettings(Path dataDir) throws IOException {
    List<Integer> ports = freePorts(2);
    return NodeSettings.in(dataDir)
        .withCacheDir(Path.of(property("sterna.cassandra.cache")))
        .withHeapMebibytes(384)
        .withPorts(ports.get(0), ports.get(1), 0);
  }

  @Override
  public void close() throws IOException {
    node.close();
    delete(dataDir);
  }

  static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static SharedNode start() {
    try {
      Path dataDir = Files.createTempDirectory("sterna-store-it");
      NodeSettings settings = nodeSettings(dataDir);
      return new SharedNode(LocalCassandra.start(settings, libDir(), (what, t) -> {}), dataDir);
    } catch (IOException | NodeException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> held = new ArrayList<>();
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      ports.add(socket.getLocalPort());
    }
    for (ServerSocket socket : held) {
      socket.close();
    }
    return ports;
  }

  private static String property(String key) {
    String value = System.getProperty(key);
    if (value == null) {
      throw new IllegalStateException("system property " + key + " is not set; run by Maven");
    }
    return value;
  }

  /** Starts the node for the first test that wants it; JUnit closes it after the last. */
  public static final class Resolver implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == SharedNode.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context
          .getRoot()
          .getStore(Namespace.GLOBAL)
          .getOrComputeIfAbsent(SharedNode.class, key -> start(), SharedNode.class);
    }
  }
}
