package io.sterna.lab.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabException;
import io.sterna.lab.LabPorts;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks the controllers of the lab through their HTTP API: any of them that answers. */
public final class ControllerApi {
  private static final int CONNECT_TIMEOUT_MS = 1000;
  private static final int ANSWER_TIMEOUT_MS = 3000;

  /** All rows of a range are read before anything is said of it. */
  private static final int VERDICT_TIMEOUT_MS = 60_000;

  private static final String BASE = "/api/v1/";
  private static final String ELEMENTS = "forwardingElements";

  private final ObjectMapper json = new ObjectMapper();
  private final NetworkNamespace from;
  private final Map<ControllerId, URI> controllers;

  /** The API of these controllers, {@code c1} first. */
  public ControllerApi(LabPorts ports) {
    this(uris(ports), NetworkNamespace.own());
  }

  /**
   * The API of these controllers.
   *
   * @param from the network namespace from which they are asked
   */
  public ControllerApi(Map<ControllerId, URI> controllers, NetworkNamespace from) {
    this.controllers = new LinkedHashMap<>(controllers);
    this.from = from;
  }

  private static Map<ControllerId, URI> uris(LabPorts ports) {
    Map<ControllerId, URI> controllers = new LinkedHashMap<>();
    for (int i = 0; i < ports.controllers().size(); i++) {
      int port = ports.controllers().get(i).http();
      controllers.put(
          new ControllerId("c" + (i + 1)), URI.create("http://" + LabPorts.HOST + ":" + port));
    }
    return controllers;
  }

  /** The addresses of the API, one a controller. */
  public List<String> addresses() {
    return controllers.values().stream().map(URI::toString).toList();
  }

  /**
   * Where an address is attached.
   *
   * @param fe the forwarding element
   * @param version the binding's version
   */
  public record Attachment(FeId fe, long version) {}

  /**
   * Who serves a range.
   *
   * @param owner the controller
   * @param epoch grows with each new owner
   * @param revision how many changes it has committed
   */
  public record Ownership(ControllerId owner, long epoch, long revision) {}

  /** Every binding, by address. Empty if no controller answers. */
  public Optional<Map<IpAddress, Attachment>> bindings() {
    return ask("bindings")
        .map(
            answer -> {
              Map<IpAddress, Attachment> bindings = new TreeMap<>();
              for (JsonNode each : answer.path("bindings")) {
                bindings.put(
                    IpAddress.parse(each.path("address").asText("")),
                    new Attachment(
                        new FeId(each.path("fe").asText("")), each.path("version").asLong()));
              }
              return bindings;
            });
  }

  /** Every range that has an owner. Empty if no controller answers. */
  public Optional<Map<RangeId, Ownership>> ranges() {
    return ask("ranges")
        .map(
            answer -> {
              Map<RangeId, Ownership> ranges = new TreeMap<>();
              for (JsonNode each : answer.path("ranges")) {
                String owner = each.path("owner").asText("");
                if (!owner.isEmpty()) {
                  ranges.put(
                      RangeId.parse(each.path("range").asText("")),
                      new Ownership(
                          new ControllerId(owner),
                          each.path("epoch").asLong(),
                          each.path("revision").asLong()));
                }
              }
              return ranges;
            });
  }

  /** The names of the controllers that say of themselves that they are well. */
  public List<ControllerId> healthy() {
    return controllers.entrySet().stream()
        .filter(each -> get(each.getValue(), "health", ANSWER_TIMEOUT_MS).isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many members of the cluster are up and reachable; 0 if no controller answers. */
  public long membersUp() {
    return ask("members").map(answer -> count(answer.path("members"))).orElse(0L);
  }

  /** How many members the cluster has, reachable or not; 0 if no controller answers. */
  public long members() {
    return ask("members").map(answer -> (long) answer.path("members").size()).orElse(0L);
  }

  /** The oldest member of the cluster. Empty if no controller answers. */
  public Optional<ControllerId> oldest() {
    return ask("members")
        .flatMap(
            answer -> {
              for (JsonNode each : answer.path("members")) {
                if (each.path("oldest").asBoolean()) {
                  return Optional.of(new ControllerId(each.path("id").asText("")));
                }
              }
              return Optional.empty();
            });
  }

  /** The controllers that each forwarding element holds a session to. */
  public Map<FeId, List<ControllerId>> sessions() {
    Map<FeId, List<ControllerId>> sessions = new TreeMap<>();
    for (JsonNode each : ask("forwarding-elements").orElse(json.nullNode()).path(ELEMENTS)) {
      List<ControllerId> held = new ArrayList<>();
      each.path("sessions").forEach(id -> held.add(new ControllerId(id.asText(""))));
      sessions.put(new FeId(each.path("id").asText("")), held);
    }
    return sessions;
  }

  /** The revision of each range that a forwarding element has installed. */
  public Map<RangeId, Long> applied(FeId fe) {
    Map<RangeId, Long> applied = new TreeMap<>();
    for (JsonNode each : ask("forwarding-elements").orElse(json.nullNode()).path(ELEMENTS)) {
      if (each.path("id").asText("").equals(fe.value())) {
        each.path("ranges")
            .forEach(
                range ->
                    applied.put(
                        RangeId.parse(range.path("range").asText("")),
                        range.path("appliedRevision").asLong()));
      }
    }
    return applied;
  }

  /**
   * How far a forwarding element is, over all ranges.
   *
   * @param committed changes that are committed
   * @param behind those of them that it has not installed
   * @param inSync whether it is connected, knows every range and has installed everything
   */
  public record Progress(long committed, long behind, boolean inSync) {}

  /** How far every forwarding element is. Empty if no controller answers. */
  public Map<FeId, Progress> progress() {
    Map<FeId, Progress> progress = new TreeMap<>();
    for (JsonNode each : ask("forwarding-elements").orElse(json.nullNode()).path(ELEMENTS)) {
      long committed = 0;
      long applied = 0;
      for (JsonNode range : each.path("ranges")) {
        committed += range.path("committedRevision").asLong();
        applied += range.path("appliedRevision").asLong();
      }
      boolean inSync = each.path("connected").asBoolean() && each.path("inSync").asBoolean();
      progress.put(
          new FeId(each.path("id").asText("")),
          new Progress(committed, committed - applied, inSync));
    }
    return progress;
  }

  private static long count(JsonNode members) {
    long up = 0;
    for (JsonNode each : members) {
      boolean isUp = each.path("status").asText("").equalsIgnoreCase("up");
      if (isUp && each.path("reachable").asBoolean(true)) {
        up++;
      }
    }
    return up;
  }

  /** The forwarding elements that are connected and in sync. Empty if no controller answers. */
  public List<FeId> inSync() {
    return ask("forwarding-elements")
        .map(
            answer -> {
              List<FeId> elements = new ArrayList<>();
              for (JsonNode each : answer.path(ELEMENTS)) {
                if (each.path("connected").asBoolean() && each.path("inSync").asBoolean()) {
                  elements.add(new FeId(each.path("id").asText("")));
                }
              }
              return elements;
            })
        .orElse(List.of());
  }

  /**
   * What a plan, or another resource that has one answer, is now. Empty if no controller answers.
   */
  public Optional<JsonNode> read(String path) {
    return ask(path);
  }

  /** What the check of the whole record of changes says. Empty if no controller answers. */
  public Optional<JsonNode> verified() {
    return ask("audit/verify", VERDICT_TIMEOUT_MS);
  }

  /**
   * Asks the first controller that answers to do something.
   *
   * @param path below {@code api/v1}
   * @return what it said
   * @throws LabException with what it said if it refused, or if none answers
   */
  public JsonNode post(String path) throws LabException {
    String failure = "no controller answers";
    for (URI controller : controllers.values()) {
      try {
        return from.call(() -> postHere(controller.resolve(BASE + path)));
      } catch (IOException e) {
        failure = FileReason.why(e);
      }
    }
    throw new LabException(path + ": " + failure);
  }

  private JsonNode postHere(URI uri) throws IOException {
    HttpURLConnection connection = connection(uri, ANSWER_TIMEOUT_MS);
    connection.setRequestMethod("POST");
    if (connection.getResponseCode() == HttpURLConnection.HTTP_OK) {
      try (InputStream body = connection.getInputStream()) {
        return json.readTree(body);
      }
    }
    try (InputStream body = connection.getErrorStream()) {
      JsonNode error = body == null ? json.createObjectNode() : json.readTree(body);
      throw new IOException(error.path("error").path("message").asText("refused"));
    }
  }

  private Optional<JsonNode> ask(String path) {
    return ask(path, ANSWER_TIMEOUT_MS);
  }

  private Optional<JsonNode> ask(String path, int timeoutMs) {
    for (URI controller : controllers.values()) {
      Optional<JsonNode> answer = get(controller, path, timeoutMs);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  /** What a controller answers; empty if it does not, or with another status than 200. */
  private Optional<JsonNode> get(URI controller, String path, int timeoutMs) {
    try {
      return from.call(() -> getHere(controller.resolve(BASE + path), timeoutMs));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Blocks, on one thread: java.net.http connects a second time on a thread of its own if it was
   * refused, and that one is in no namespace of ours.
   */
  private Optional<JsonNode> getHere(URI uri, int timeoutMs) throws IOException {
    HttpURLConnection connection = connection(uri, timeoutMs);
    if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
      return Optional.empty();
    }
    try (InputStream body = connection.getInputStream()) {
      return Optional.of(json.readTree(body));
    }
  }

  private static HttpURLConnection connection(URI uri, int timeoutMs) throws IOException {
    if (!(uri.toURL().openConnection(Proxy.NO_PROXY) instanceof HttpURLConnection connection)) {
      throw new IOException(uri + " is not HTTP");
    }
    connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
    connection.setReadTimeout(timeoutMs);
    return connection;
  }
}
