package io.sterna.lab;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.lab.process.LabProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is written down about a lab that stands, so that another command finds it.
 *
 * @param prefix of its namespaces
 * @param api where its controllers answer
 * @param processes what was started for it
 */
record LabState(String prefix, List<String> api, List<LabProcess> processes) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "lab.json";

  LabState {
    api = List.copyOf(api);
    processes = List.copyOf(processes);
  }

  /** Whether a process of it still runs. */
  boolean isAlive() {
    return processes.stream().anyMatch(process -> process.running().isPresent());
  }

  /** Reads what is written down; empty if nothing is, or nothing that can be understood. */
  static Optional<LabState> read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode root = JSON.readTree(Files.readString(file));
      List<String> api = new ArrayList<>();
      root.path("api").forEach(each -> api.add(each.asText("")));
      List<LabProcess> processes = new ArrayList<>();
      root.path("processes").forEach(each -> processes.add(process(each)));
      return Optional.of(new LabState(root.path("prefix").asText(""), api, processes));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static LabProcess process(JsonNode node) {
    List<String> arguments = new ArrayList<>();
    node.path("arguments").forEach(each -> arguments.add(each.asText("")));
    return new LabProcess(
        node.path("name").asText(""),
        node.path("pid").asLong(),
        node.path("startedAtMs").asLong(),
        arguments,
        Path.of(node.path("log").asText("")));
  }

  /** Writes it down, replacing what was. */
  void write(Path directory) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("prefix", prefix);
    api.forEach(root.putArray("api")::add);
    for (LabProcess process : processes) {
      ObjectNode node = root.withArray("processes").addObject();
      node.put("name", process.name());
      node.put("pid", process.pid());
      node.put("startedAtMs", process.startedAtMs());
      node.put("log", process.log().toString());
      process.arguments().forEach(node.putArray("arguments")::add);
    }
    Path fresh = directory.resolve(FILE + ".new");
    Files.writeString(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n");
    Files.move(
        fresh,
        directory.resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  static void remove(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve(FILE));
  }
}
