package io.sterna.store.cassandra;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that owns a node, to be killed: DATA-DIR LIB-DIR CACHE-DIR CQL-PORT STORAGE-PORT. */
final class NodeParent {
  private NodeParent() {}

  public static void main(String[] arguments) throws Exception {
    Path dataDir = Path.of(arguments[0]);
    NodeSettings settings =
        NodeSettings.in(dataDir)
            .withCacheDir(Path.of(arguments[2]))
            .withHeapMebibytes(384)
            .withPorts(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]), 0);
    LocalCassandra node = LocalCassandra.start(settings, Path.of(arguments[1]), (what, t) -> {});
    Path staged = dataDir.resolve("node.pid.new");
    Files.writeString(staged, Long.toString(node.pid()), StandardCharsets.US_ASCII);
    Files.move(staged, dataDir.resolve("node.pid"));
    node.whenTerminated().join();
  }
}
