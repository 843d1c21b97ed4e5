package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** Asks a controller's HTTP API. Answers are JSON of at most {@value #ANSWER_BYTES_MAX} bytes. */
final class ApiClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration AUDIT_TIMEOUT = Duration.ofMinutes(5);
  private static final int ANSWER_BYTES_MAX = 256 << 20;
  private static final int OK = 200;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final URI base;
  private final HttpClient http;

  /**
   * @throws OperationFailedException if this is not an http or https address
   */
  ApiClient(URI base) throws OperationFailedException {
    if (base.getHost() == null
        || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
      throw new OperationFailedException("'" + base + "' is not an address like http://HOST:PORT");
    }
    this.base = base;
    // The JDK tries an upgrade to HTTP/2 otherwise, which only adds headers here.
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
  }

  JsonNode bindings(Map<String, String> filter) throws OperationFailedException {
    return get("/api/v1/bindings" + query(filter));
  }

  /**
   * @param what links, top, pairs or endpoints
   */
  JsonNode traffic(String what, Map<String, String> filter) throws OperationFailedException {
    return get("/api/v1/traffic/" + what + query(filter));
  }

  JsonNode trafficOf(String address, Map<String, String> filter) throws OperationFailedException {
    return get("/api/v1/traffic/vms/" + encoded(address) + query(filter));
  }

  /**
   * Asks the record; the answer may take long.
   *
   * @param what log, entry, at, diff, verify or history/ADDRESS
   */
  JsonNode audit(String what, Map<String, String> filter) throws OperationFailedException {
    URI uri = base.resolve("/api/v1/audit/" + what + query(filter));
    return send(HttpRequest.newBuilder(uri), OK, AUDIT_TIMEOUT);
  }

  /** Writes the record to a file as it comes, whatever its size. */
  void auditExport(Map<String, String> filter, Path out) throws OperationFailedException {
    URI uri = base.resolve("/api/v1/audit/export" + query(filter));
    try {
      HttpResponse<InputStream> response =
          http.send(
              HttpRequest.newBuilder(uri).timeout(AUDIT_TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream stream = response.body()) {
        if (response.statusCode() != OK) {
          byte[] body = stream.readNBytes(ANSWER_BYTES_MAX);
          throw new OperationFailedException(refusal(uri, response.statusCode(), body));
        }
        Files.copy(stream, out);
      }
    } catch (IOException e) {
      throw new OperationFailedException("the export broke off: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationFailedException("interrupted", e);
    }
  }

  /** Begins to archive; answers how far that is, as {@code audit("archive")} does from then on. */
  JsonNode archive(Map<String, String> asked) throws OperationFailedException {
    return post("/api/v1/audit/archive" + query(asked));
  }

  /** Data centers and links, as the controllers' files have them. */
  JsonNode network() throws OperationFailedException {
    return get("/api/v1/network");
  }

  private static String query(Map<String, String> filter) {
    StringBuilder query = new StringBuilder();
    new TreeMap<>(filter)
        .forEach(
            (name, value) ->
                query
                    .append(query.isEmpty() ? "?" : "&")
                    .append(name)
                    .append("=")
                    .append(encoded(value)));
    return query.toString();
  }

  JsonNode binding(String address) throws OperationFailedException {
    return get("/api/v1/bindings/" + encoded(address));
  }

  JsonNode clearDamping(String address) throws OperationFailedException {
    URI uri = base.resolve("/api/v1/bindings/" + encoded(address) + "/damping");
    return send(HttpRequest.newBuilder(uri).DELETE(), OK);
  }

  JsonNode plans() throws OperationFailedException {
    return get("/api/v1/plans");
  }

  JsonNode plan(long id) throws OperationFailedException {
    return get("/api/v1/plans/" + id);
  }

  JsonNode proposePlan(String by) throws OperationFailedException {
    return post("/api/v1/plans?by=" + encoded(by));
  }

  JsonNode changePlan(long id, String verb, String by) throws OperationFailedException {
    return post("/api/v1/plans/" + id + "/" + verb + "?by=" + encoded(by));
  }

  JsonNode forwardingElements() throws OperationFailedException {
    return get("/api/v1/forwarding-elements");
  }

  JsonNode forwardingElement(String id) throws OperationFailedException {
    return get("/api/v1/forwarding-elements/" + encoded(id));
  }

  JsonNode ranges() throws OperationFailedException {
    return get("/api/v1/ranges");
  }

  JsonNode members() throws OperationFailedException {
    return get("/api/v1/members");
  }

  /** Also an answer when the cluster is degraded: that is what was asked. */
  JsonNode health() throws OperationFailedException {
    return ask("/api/v1/health", SERVICE_UNAVAILABLE);
  }

  private JsonNode get(String path) throws OperationFailedException {
    return ask(path, OK);
  }

  private JsonNode post(String path) throws OperationFailedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
    return send(request.POST(HttpRequest.BodyPublishers.noBody()), OK);
  }

  private JsonNode ask(String path, int alsoAccepted) throws OperationFailedException {
    return send(HttpRequest.newBuilder(base.resolve(path)), alsoAccepted);
  }

  private JsonNode send(HttpRequest.Builder asked, int alsoAccepted)
      throws OperationFailedException {
    return send(asked, alsoAccepted, ANSWER_TIMEOUT);
  }

  private JsonNode send(HttpRequest.Builder asked, int alsoAccepted, Duration patience)
      throws OperationFailedException {
    HttpRequest request = asked.timeout(patience).build();
    URI uri = request.uri();
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      byte[] body;
      try (InputStream stream = response.body()) {
        body = stream.readNBytes(ANSWER_BYTES_MAX + 1);
      }
      if (body.length > ANSWER_BYTES_MAX) {
        throw new OperationFailedException(
            uri + " answered more than " + ANSWER_BYTES_MAX + " bytes");
      }
      int status = response.statusCode();
      if (status != OK && status != alsoAccepted) {
        throw new OperationFailedException(refusal(uri, status, body));
      }
      return json(uri, body);
    } catch (HttpTimeoutException e) {
      throw new OperationFailedException("the API at " + base + " does not answer in time", e);
    } catch (ConnectException e) {
      throw new OperationFailedException(
          "the API at "
              + base
              + " is not reachable: is a controller running there? (--api or STERNA_API)",
          e);
    } catch (IOException e) {
      throw new OperationFailedException("the API at " + base + " broke off: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationFailedException("interrupted", e);
    }
  }

  private static JsonNode json(URI uri, byte[] body) throws OperationFailedException {
    try {
      JsonNode document = Json.parse(body);
      if (document.isObject()) {
        return document;
      }
      throw new OperationFailedException(uri + " did not answer a JSON object");
    } catch (IOException e) {
      throw new OperationFailedException(uri + " did not answer JSON", e);
    }
  }

  private static String refusal(URI uri, int status, byte[] body) {
    try {
      String message = Json.parse(body).path("error").path("message").asText("");
      if (!message.isEmpty()) {
        return message;
      }
    } catch (IOException e) {
      return uri + " answered " + status + " without JSON";
    }
    return uri + " answered " + status;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
