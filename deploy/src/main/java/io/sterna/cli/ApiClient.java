package io.sterna.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.store.keys.FileReason;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLException;

/** Asks a controller's HTTP API. Answers are JSON of at most {@value #ANSWER_BYTES_MAX} bytes. */
final class ApiClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration AUDIT_TIMEOUT = Duration.ofMinutes(5);
  private static final int ANSWER_BYTES_MAX = 256 << 20;
  private static final int PORT_MAX = 65_535;
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final int SERVICE_UNAVAILABLE = 503;

  private final URI base;
  private final Optional<Path> tokenFile;
  private final HttpClient http;

  /** Takes the lines of an answer, one by one. */
  interface Lines {
    void take(JsonNode line) throws OperationFailedException;
  }

  /**
   * @param tokenFile whose token is shown where something is changed
   * @throws OperationFailedException if this is not an http or https address
   */
  ApiClient(URI base, Optional<Path> tokenFile) throws OperationFailedException {
    if (base.getHost() == null
        || base.getPort() == 0
        || base.getPort() > PORT_MAX
        || !("http".equals(base.getScheme()) || "https".equals(base.getScheme()))) {
      throw OperationFailedException.badUsage(
          "'" + base + "' is not an address like http://HOST:PORT");
    }
    this.base = base;
    this.tokenFile = tokenFile;
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
   * @throws OperationFailedException also if the answer says behind its rows that it is not whole
   */
  JsonNode audit(String what, Map<String, String> filter) throws OperationFailedException {
    URI uri = base.resolve("/api/v1/audit/" + what + query(filter));
    JsonNode answer = send(HttpRequest.newBuilder(uri), OK, AUDIT_TIMEOUT);
    if (answer.has("error")) {
      throw new OperationFailedException(answer.path("error").path("message").asText());
    }
    return answer;
  }

  /**
   * Writes the record to a file as it comes, whatever its size.
   *
   * @throws OperationFailedException also if its last line says that it is not whole
   */
  void auditExport(Map<String, String> filter, Path out) throws OperationFailedException {
    // Under its name is only what is whole: half of it would stand in the way of the next try.
    String name = "%s.%d.part".formatted(out.getFileName(), ProcessHandle.current().pid());
    Path part = out.resolveSibling(name);
    try {
      try {
        copyExport(filter, part);
        Files.move(part, out);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (FileAlreadyExistsException e) {
      throw new OperationFailedException(out + " exists already", e);
    } catch (FileSystemException e) {
      throw new OperationFailedException("cannot write " + FileReason.of(part, e), e);
    } catch (IOException e) {
      throw new OperationFailedException("the export broke off: " + brokenOff(e), e);
    }
  }

  private void copyExport(Map<String, String> filter, Path to)
      throws IOException, OperationFailedException {
    try (BufferedReader lines =
            new BufferedReader(new InputStreamReader(auditExport(filter), StandardCharsets.UTF_8));
        BufferedWriter file = Files.newBufferedWriter(to)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.stripLeading().startsWith("{\"error\"")) {
          throw new OperationFailedException(
              "the export is not whole: "
                  + Json.parse(line.getBytes(StandardCharsets.UTF_8))
                      .path("error")
                      .path("message")
                      .asText());
        }
        write(file, line, to);
      }
      flush(file, to);
    }
  }

  /** A disk that is full must not look like a connection that broke. */
  private static void write(BufferedWriter file, String line, Path to) throws FileSystemException {
    try {
      file.write(line);
      file.write('\n');
    } catch (IOException e) {
      throw unwritten(to, e);
    }
  }

  private static void flush(BufferedWriter file, Path to) throws FileSystemException {
    try {
      file.flush();
    } catch (IOException e) {
      throw unwritten(to, e);
    }
  }

  private static FileSystemException unwritten(Path to, IOException e) {
    FileSystemException failure = new FileSystemException(to.toString(), null, e.getMessage());
    failure.initCause(e);
    return failure;
  }

  /** The record as it comes, whatever its size. */
  InputStream auditExport(Map<String, String> filter) throws OperationFailedException {
    URI uri = base.resolve("/api/v1/audit/export" + query(filter));
    try {
      HttpResponse<InputStream> response =
          http.send(
              HttpRequest.newBuilder(uri).timeout(AUDIT_TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofInputStream());
      if (response.statusCode() != OK) {
        try (InputStream stream = response.body()) {
          byte[] body = stream.readNBytes(ANSWER_BYTES_MAX);
          throw refused(uri, response.statusCode(), body);
        }
      }
      return response.body();
    } catch (ConnectException e) {
      throw unreachable(e);
    } catch (IOException e) {
      throw new OperationFailedException("the export broke off: " + brokenOff(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationFailedException("interrupted", e);
    }
  }

  /** Begins to archive; answers how far that is, as {@code audit("archive")} does from then on. */
  JsonNode archive(Map<String, String> asked) throws OperationFailedException {
    return post("/api/v1/audit/archive" + query(asked));
  }

  /**
   * The log as it is written: lines of JSON until either side ends it.
   *
   * @throws IOException if the API is not reachable or cannot just now: worth another try
   * @throws OperationFailedException if it refuses what is asked
   */
  InputStream auditFollow(Map<String, String> filter) throws IOException, OperationFailedException {
    URI uri = base.resolve("/api/v1/audit/log" + query(filter));
    HttpResponse<InputStream> response;
    try {
      response =
          http.send(
              HttpRequest.newBuilder(uri).timeout(ANSWER_TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationFailedException("interrupted", e);
    } catch (ConnectException e) {
      throw new IOException(
          "the API at "
              + base
              + " is not reachable: is a controller running there? (--api or STERNA_API)",
          e);
    }
    int status = response.statusCode();
    if (status == OK) {
      return response.body();
    }
    try (InputStream stream = response.body()) {
      byte[] body = stream.readNBytes(ANSWER_BYTES_MAX);
      if (status == TOO_MANY_REQUESTS || status >= SERVER_ERROR) {
        throw new IOException(refusal(uri, status, body));
      }
      throw refused(uri, status, body);
    }
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

  JsonNode clearDamping(String address, String why) throws OperationFailedException {
    Map<String, String> asked = why.isEmpty() ? Map.of() : Map.of("why", why);
    URI uri = base.resolve("/api/v1/bindings/" + encoded(address) + "/damping" + query(asked));
    return send(withToken(HttpRequest.newBuilder(uri)).DELETE(), OK);
  }

  /** Shows, or makes, what brings a past moment back; each line as it comes. */
  void restore(JsonNode asked, Lines lines) throws OperationFailedException {
    URI uri = base.resolve("/api/v1/audit/restore");
    HttpRequest request =
        withToken(HttpRequest.newBuilder(uri))
            .header("Content-Type", "application/json")
            .timeout(AUDIT_TIMEOUT)
            .POST(HttpRequest.BodyPublishers.ofString(asked.toString()))
            .build();
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream stream = response.body()) {
        if (response.statusCode() != OK) {
          throw refused(uri, response.statusCode(), stream.readNBytes(ANSWER_BYTES_MAX));
        }
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          if (!line.isBlank()) {
            lines.take(Json.parse(line.getBytes(StandardCharsets.UTF_8)));
          }
        }
      }
    } catch (ConnectException e) {
      throw unreachable(e);
    } catch (IOException e) {
      throw new OperationFailedException("the API at " + base + " broke off: " + brokenOff(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationFailedException("interrupted", e);
    }
  }

  /** What the JDK says of it is about its own states. */
  private static String brokenOff(IOException e) {
    if (e instanceof JsonProcessingException) {
      return "what came is no JSON";
    } else if (e instanceof HttpTimeoutException) {
      return "no answer in time";
    } else if (e instanceof SSLException) {
      return "TLS: " + e.getMessage();
    }
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof EOFException) {
        return "the connection ended before the answer was whole";
      }
    }
    return FileReason.why(e);
  }

  private OperationFailedException unreachable(ConnectException e) {
    for (Throwable each = e; each != null; each = each.getCause()) {
      if (each instanceof UnresolvedAddressException) {
        return new OperationFailedException(
            "the API at " + base + " is not reachable: there is no host " + base.getHost(), e);
      }
    }
    return new OperationFailedException(
        "the API at "
            + base
            + " is not reachable: is a controller running there? (--api or STERNA_API)",
        e);
  }

  private HttpRequest.Builder withToken(HttpRequest.Builder request)
      throws OperationFailedException {
    if (tokenFile.isEmpty()) {
      return request;
    }
    try {
      String token = Files.readString(tokenFile.get()).strip();
      if (!token.matches("[!-~]{1,1000}")) {
        throw new OperationFailedException(tokenFile.get() + " holds no token: one line of text");
      }
      return request.header("Authorization", "Bearer " + token);
    } catch (IOException e) {
      throw new OperationFailedException(
          "cannot read the token: " + FileReason.of(tokenFile.get(), e), e);
    }
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
    HttpRequest.Builder request = withToken(HttpRequest.newBuilder(base.resolve(path)));
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
        throw refused(uri, status, body);
      }
      return json(uri, body);
    } catch (HttpTimeoutException e) {
      throw new OperationFailedException("the API at " + base + " does not answer in time", e);
    } catch (ConnectException e) {
      throw unreachable(e);
    } catch (IOException e) {
      throw new OperationFailedException("the API at " + base + " broke off: " + brokenOff(e), e);
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

  private static OperationFailedException refused(URI uri, int status, byte[] body) {
    String refusal = refusal(uri, status, body);
    return status == BAD_REQUEST
        ? OperationFailedException.badUsage(refusal)
        : new OperationFailedException(refusal);
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
