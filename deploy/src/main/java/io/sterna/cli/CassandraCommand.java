package io.sterna.cli;

import io.sterna.store.cassandra.NodeSettings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sterna cassandra}: a local node, for a lab or a small installation. */
@Command(
    name = "cassandra",
    description = {
      "Run a local Cassandra node.",
      "It is the store of a lab or of a small installation.",
      "Larger ones point the controllers at their own Cassandra cluster instead."
    },
    footer = {
      "",
      "Examples:",
      "  sterna cassandra --data /var/lib/sterna/cassandra",
      "  sterna cassandra --data data --port 19042 --storage-port 17000",
      "  sterna cassandra --data data --commit-log-sync batch    # survives power cuts, slower"
    })
final class CassandraCommand implements Callable<Integer> {
  private final Roles roles;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Where it keeps everything it writes; made if it is missing.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path data;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Literal address for clients. Default: ${DEFAULT-VALUE}.")
  private String listen = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9042",
      description = "Port for clients (CQL). Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--storage-port",
      paramLabel = "PORT",
      defaultValue = "7000",
      description =
          "Port for other nodes, taken also when there are none. Default: ${DEFAULT-VALUE}.")
  private int storagePort;

  @Option(
      names = "--jmx-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port for nodetool on loopback; 0 = none. Default: ${DEFAULT-VALUE}.")
  private int jmxPort;

  @Option(
      names = "--heap-mebibytes",
      paramLabel = "N",
      defaultValue = "512",
      description = "Java heap. Default: ${DEFAULT-VALUE}.")
  private int heapMebibytes;

  @Option(
      names = "--commit-log-sync",
      paramLabel = "periodic|batch",
      defaultValue = "periodic",
      description = {
        "What an acknowledged write has survived: periodic = the death of the process, batch = a",
        "power cut. Default: ${DEFAULT-VALUE}."
      })
  private NodeSettings.CommitLogSync sync = NodeSettings.CommitLogSync.PERIODIC;

  CassandraCommand(Roles roles) {
    this.roles = roles;
  }

  @Override
  public Integer call() throws Exception {
    Map<String, Integer> ports = new LinkedHashMap<>();
    ports.put("--port", port);
    ports.put("--storage-port", storagePort);
    for (Map.Entry<String, Integer> each : ports.entrySet()) {
      if (each.getValue() < 1 || each.getValue() > 65_535) {
        throw new ParameterException(
            spec.commandLine(),
            each.getKey() + ": " + each.getValue() + " is not between 1 and 65535");
      }
      Optional<PortProbe.Obstacle> obstacle = PortProbe.obstacle(listen, each.getValue());
      if (obstacle.isPresent()) {
        String option = obstacle.get().isAboutHost() ? "--listen" : each.getKey();
        throw new ParameterException(spec.commandLine(), option + ": " + obstacle.get().reason());
      }
    }
    try {
      roles.cassandra(settings());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    return ExitStatus.DONE;
  }

  private NodeSettings settings() {
    NodeSettings local = NodeSettings.in(data);
    return new NodeSettings(
        local.dataDir(),
        local.cacheDir(),
        listen,
        port,
        storagePort,
        jmxPort,
        heapMebibytes,
        sync,
        local.javaHome(),
        local.startBound());
  }
}
