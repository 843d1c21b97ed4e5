package io.sterna.lab.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.LabPorts;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks the controllers of the lab through their HTTP API: any of them that answers. */
public final class ControllerApi {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(3);
  private static final String BASE = "/api/v1/";

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();
  private final Map<ControllerId, URI> controllers = new LinkedHashMap<>();

  /** The API of these controllers, {@code c1} first. */
  public ControllerApi(LabPorts ports) {
    for (int i = 0; i < ports.controllers().size(); i++) {
      int port = ports.controllers().get(i).http();
      controllers.put(
          new ControllerId("c" + (i + 1)), URI.create("http://" + LabPorts.HOST + ":" + port));
    }
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
        .filter(
            each ->
                get(each.getValue(), "health")
                    .filter(answer -> answer.statusCode() == 200)
                    .isPresent())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How many members of the cluster are up and reachable; 0 if no controller answers. */
  public long membersUp() {
    return ask("members").map(answer -> count(answer.path("members"))).orElse(0L);
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
              List<FeId> elements = new java.util.ArrayList<>();
              for (JsonNode each : answer.path("forwardingElements")) {
                if (each.path("connected").asBoolean() && each.path("inSync").asBoolean()) {
                  elements.add(new FeId(each.path("id").asText("")));
                }
              }
              return elements;
            })
        .orElse(List.of());
  }

  private Optional<JsonNode> ask(String path) {
    for (URI controller : controllers.values()) {
      Optional<JsonNode> answer =
          get(controller, path).filter(each -> each.statusCode() == 200).flatMap(this::parse);
      if (answer.isPresent()) {
        return answer;
      }
    }
    return Optional.empty();
  }

  private Optional<JsonNode> parse(HttpResponse<String> answer) {
    try {
      return Optional.of(json.readTree(answer.body()));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private Optional<HttpResponse<String>> get(URI controller, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(controller.resolve(BASE + path)).timeout(ANSWER_TIMEOUT).build();
    try {
      return Optional.of(client.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
