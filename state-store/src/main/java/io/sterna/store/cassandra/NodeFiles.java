package io.sterna.store.cassandra;

import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a node's data folder holds.
 *
 * <pre>
 * lock          locked by the node for as long as it lives; holds its process id
 * conf/         generated at each start: cassandra.yaml, logback.xml, java.args
 * data/         tables, commit log, hints
 * log/          system.log (Cassandra), output.log (the Java process itself)
 * tmp/          native libraries that the node unpacks, the class archive in the making
 * </pre>
 */
final class NodeFiles {
  private static final int TAIL_BYTES = 16_384;

  /** A small node: one site's controllers, not a database cluster. */
  private static final String SIZES =
      """
      memtable_heap_space: 64MiB
      memtable_offheap_space: 128MiB
      # Outside of Java's heap: there each collection copies what was written lately, and every
      # change waits for that (measured: 100 to 170 ms at 5,000 rows a second).
      memtable_allocation_type: offheap_objects
      memtable:
        configurations:
          default:
            class_name: TrieMemtable
      key_cache_size: 8MiB
      row_cache_size: 0MiB
      counter_cache_size: 0MiB
      file_cache_size: 32MiB
      networking_cache_size: 16MiB
      # Rows are hardly read again, so there is time; a compaction at full speed takes a core for
      # seconds, and every change waits.
      compaction_throughput: 8MiB/s
      """;

  private final Path root;

  NodeFiles(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  Path lock() {
    return root.resolve("lock");
  }

  Path yaml() {
    return root.resolve("conf/cassandra.yaml");
  }

  Path logback() {
    return root.resolve("conf/logback.xml");
  }

  Path javaArguments() {
    return root.resolve("conf/java.args");
  }

  Path data() {
    return root.resolve("data");
  }

  Path commitLog() {
    return data().resolve("commitlog");
  }

  Path log() {
    return root.resolve("log");
  }

  Path output() {
    return log().resolve("output.log");
  }

  Path scratch() {
    return root.resolve("tmp");
  }

  /**
   * Creates the folders.
   *
   * @throws NodeException if the data folder cannot be written to
   */
  void createFolders() throws NodeException {
    try {
      for (Path folder : List.of(root.resolve("conf"), data(), log(), scratch())) {
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new NodeException("data-dir: cannot write to " + root + ": " + FileReason.why(e), e);
    }
    if (!Files.isWritable(root)) {
      throw new NodeException("data-dir: cannot write to " + root);
    }
  }

  /** The process id of the node that uses or used the folder, for people. */
  String lastProcess() {
    try {
      return Files.readString(lock(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  /** Writes the configuration of the node. */
  void writeConfiguration(NodeSettings settings) throws IOException {
    Files.writeString(yaml(), yamlText(settings));
    Files.writeString(logback(), logbackText());
  }

  /** Writes the arguments of the Java process, one a line, quoted as {@code java @file} wants. */
  void writeJavaArguments(List<String> arguments) throws IOException {
    String text =
        arguments.stream().map(argument -> quoted(argument) + "\n").collect(Collectors.joining());
    Files.writeString(javaArguments(), text);
  }

  /** The last lines of the process's output and the last errors of Cassandra's log. */
  String lastWords(int linesMax) {
    List<String> output = tail(output());
    List<String> errors =
        tail(log().resolve("system.log")).stream()
            .filter(line -> line.contains(" ERROR ") || line.contains("Exception"))
            .toList();
    List<String> chosen = output.isEmpty() ? errors : output;
    return String.join("\n", chosen.subList(Math.max(0, chosen.size() - linesMax), chosen.size()));
  }

  private static List<String> tail(Path file) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, in.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (in.length() - from)];
      in.seek(from);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private String yamlText(NodeSettings settings) {
    boolean periodic = settings.commitLogSync() == NodeSettings.CommitLogSync.PERIODIC;
    String sync = periodic ? "commitlog_sync_period: 10000ms\n" : "";
    // Cassandra's idle workers spin for a while: the fewer, the more is left for everybody else
    // on the machine. A thread that waits for the disk spins not, and keeps its request waiting.
    int threads = periodic ? 4 : 16;
    return """
        # Generated at each start; changes are lost.
        cluster_name: sterna
        num_tokens: 1
        partitioner: org.apache.cassandra.dht.Murmur3Partitioner
        endpoint_snitch: SimpleSnitch
        seed_provider:
          - class_name: org.apache.cassandra.locator.SimpleSeedProvider
            parameters: [ { seeds: %s } ]
        auto_bootstrap: false
        listen_address: %s
        rpc_address: %s
        storage_port: %d
        native_transport_port: %d
        native_transport_max_threads: %d
        authenticator: AllowAllAuthenticator
        authorizer: AllowAllAuthorizer
        data_file_directories: [ %s ]
        commitlog_directory: %s
        saved_caches_directory: %s
        hints_directory: %s
        cdc_raw_directory: %s
        disk_failure_policy: stop_paranoid
        commit_failure_policy: stop
        commitlog_sync: %s
        %scommitlog_segment_size: 32MiB
        commitlog_total_space: 256MiB
        auto_snapshot: false
        concurrent_reads: %d
        concurrent_writes: %d
        concurrent_counter_writes: 2
        concurrent_compactors: 1
        """
            .formatted(
                quoted(settings.listenAddress()),
                quoted(settings.listenAddress()),
                quoted(settings.listenAddress()),
                settings.storagePort(),
                settings.cqlPort(),
                threads,
                inData("data"),
                quoted(commitLog().toString()),
                inData("saved_caches"),
                inData("hints"),
                inData("cdc_raw"),
                settings.commitLogSync().yaml(),
                sync,
                threads,
                threads)
        + SIZES;
  }

  private String logbackText() {
    return """
        <configuration>
          <appender name="FILE" class="ch.qos.logback.core.rolling.RollingFileAppender">
            <file>${cassandra.logdir}/system.log</file>
            <rollingPolicy class="ch.qos.logback.core.rolling.FixedWindowRollingPolicy">
              <fileNamePattern>${cassandra.logdir}/system.log.%i</fileNamePattern>
              <minIndex>1</minIndex>
              <maxIndex>3</maxIndex>
            </rollingPolicy>
            <triggeringPolicy class="ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy">
              <maxFileSize>10MB</maxFileSize>
            </triggeringPolicy>
            <encoder>
              <pattern>%d{ISO8601} %-5level [%thread] %logger{20} - %msg%n</pattern>
            </encoder>
          </appender>
          <root level="INFO">
            <appender-ref ref="FILE"/>
          </root>
        </configuration>
        """;
  }

  private String inData(String name) {
    return quoted(data().resolve(name).toString());
  }

  /** YAML double quotes and java's argument files escape alike. */
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
