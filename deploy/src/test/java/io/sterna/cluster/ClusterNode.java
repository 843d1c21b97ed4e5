package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.cli.Ran;
import io.sterna.controller.Controller;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.StartException;
import io.sterna.lab.LabPorts;
import io.sterna.lab.process.ControllerApi;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.CassandraSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A controller in this process, and the cluster as this one controller shows it. */
final class ClusterNode implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final ControllerSettings settings;
  private final ControllerApi api;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private final ObjectMapper json = new ObjectMapper();
  private @Nullable Controller running;

  /**
   * Not started yet.
   *
   * @param ports those of the lab; of its controllers, this one's only
   */
  ClusterNode(ControllerSettings settings, LabPorts ports) {
    if (ports.controllers().size() != 1) {
      throw new IllegalArgumentException("another controller might answer: " + ports);
    }
    this.settings = settings;
    this.api = new ControllerApi(ports);
  }

  /** Where its HTTP API is. */
  String apiAddress() {
    return "http://" + settings.http();
  }

  /** Runs a command that asks this one. */
  Ran sterna(String... words) {
    return Ran.sterna(
        Stream.concat(Stream.of(words), Stream.of("--api", apiAddress())).toArray(String[]::new));
  }

  /** What such a command answers as JSON; it must succeed. */
  JsonNode answer(String... words) {
    Ran ran =
        sterna(
            Stream.concat(Stream.of(words), Stream.of("--output", "json")).toArray(String[]::new));
    assertEquals(0, ran.status(), ran.toString());
    try {
      return json.readTree(ran.out());
    } catch (JsonProcessingException e) {
      throw new AssertionError(ran.toString(), e);
    }
  }

  /** Where its journal is. */
  CassandraSettings cassandra() {
    return settings.cassandra();
  }

  ControllerId id() {
    return settings.id();
  }

  void start() throws StartException {
    running = Controller.start(settings);
  }

  boolean isRunning() {
    return running != null;
  }

  /** Leaves the cluster in order. Does nothing if it does not run. */
  @Override
  public void close() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  /** A controller, in a form in which two controllers' answers can be compared. */
  record Member(String id, String status, boolean reachable, boolean oldest)
      implements Comparable<Member> {
    @Override
    public int compareTo(Member other) {
      return toString().compareTo(other.toString());
    }
  }

  /** The state of an address's binding; empty if it is not bound, or nobody answers. */
  String stateOf(IpAddress address) {
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(bindingOf(address, ""));
      String answer = http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString()).body();
      return json.readTree(answer).path("state").asText("");
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Lets an address move again: the HTTP status of the answer. */
  int clearDamping(IpAddress address) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(bindingOf(address, "/damping")).DELETE();
    return http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString()).statusCode();
  }

  private URI bindingOf(IpAddress address, String more) {
    return URI.create("http://" + settings.http() + "/api/v1/bindings/" + address + more);
  }

  /** The controllers; none if this one does not answer. */
  Set<Member> members() {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + settings.http() + "/api/v1/members"))
            .timeout(TIMEOUT)
            .build();
    Set<Member> members = new TreeSet<>();
    try {
      String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
      for (JsonNode each : json.readTree(answer).path("members")) {
        members.add(
            new Member(
                each.path("id").asText(),
                each.path("status").asText(),
                each.path("reachable").asBoolean(),
                each.path("oldest").asBoolean()));
      }
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + e.getMessage(), e);
    } catch (IOException e) {
      return Set.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return members;
  }

  /** The owners of ranges; none if this one does not answer, or cannot for every range. */
  Map<RangeId, ControllerApi.Ownership> ranges() {
    return api.ranges().orElse(Map.of());
  }

  /** Every binding; none if this one does not answer. */
  Map<IpAddress, ControllerApi.Attachment> bindings() {
    return api.bindings().orElse(Map.of());
  }

  /** The elements that are connected and have installed everything. */
  Set<FeId> inSync() {
    return Set.copyOf(api.inSync());
  }
}
