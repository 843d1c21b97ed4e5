package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against a real HTTP server that has a plan of two changes. */
final class AuditRestoreCommandTest {
  private static final String PLANNED =
      """
      {"address":"10.10.1.11","range":"10.10.0.0/20","from":{"fe":"fe2","mac":"02:00:00:00:01:11"},\
      "to":{"fe":"fe1","mac":"02:00:00:00:01:11"},"expectedVersion":2}
      {"address":"10.10.1.12","range":"10.10.0.0/20","from":{"fe":"fe2","mac":"02:00:00:00:01:12"},\
      "to":null,"expectedVersion":7}
      """;
  private static final String PLAN =
      "{\"at\":\"2026-11-28T14:00:00Z\",\"prefix\":null,\"changes\":2,\"plan\":\"TICKET\"}\n";
  private static final String MADE =
      """
      {"address":"10.10.1.11","range":"10.10.0.0/20","outcome":"made","version":3}
      {"address":"10.10.1.12","range":"10.10.0.0/20","outcome":"refused","reason":"stale","version":8}
      """;
  private static final String SUM =
      "{\"at\":\"2026-11-28T14:00:00Z\",\"changes\":2,\"made\":1,\"already\":0,"
          + "\"refused\":{\"stale\":1}}\n";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  @RegisterExtension final AnsweringServer server;
  private final List<JsonNode> asked = new ArrayList<>();
  private final List<@Nullable String> tokens = new ArrayList<>();
  private String planned = PLANNED + PLAN;
  private String made = MADE + SUM;

  AuditRestoreCommandTest() throws Exception {
    server = new AnsweringServer(this::answer);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = Json.parse(exchange.getRequestBody().readAllBytes());
    asked.add(request);
    tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] body = (request.path("dryRun").asBoolean() ? planned : made).getBytes(UTF_8);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void aDryRunShowsAndMakesNothing() {
    Ran ran = restore("--at", "10m", "--prefix", "10.10.0.0/20", "--dry-run");
    assertEquals(0, ran.status(), ran.err());
    assertEquals(
        """
        ADDRESS     FE NOW  FE THEN  MAC THEN           VERSION  RANGE
        10.10.1.11  fe2     fe1      02:00:00:00:01:11  2        10.10.0.0/20
        10.10.1.12  fe2     -        -                  7        10.10.0.0/20
        """,
        ran.out());
    assertEquals("2 changes would be made\n", ran.err());
    assertEquals(
        "[{\"at\":\"10m\",\"dryRun\":true,\"prefix\":\"10.10.0.0/20\"}]", asked.toString());
  }

  @Test
  void jsonIsOneDocumentWhateverIsDone() throws Exception {
    Ran shown = restore("--at", "10m", "--dry-run", "--output", "json");
    JsonNode plan = Json.parse(shown.out().getBytes(UTF_8));
    assertEquals(2, plan.path("changes").size());
    assertEquals("TICKET", plan.path("planned").path("plan").asText());
    Ran done = restore("--at", "10m", "--yes", "--output", "json");
    JsonNode result = Json.parse(done.out().getBytes(UTF_8));
    assertEquals("stale", result.path("changes").path(1).path("reason").asText());
    assertEquals(1, result.path("sum").path("made").asInt());
    planned = PLAN.replace("2,", "0,");
    Ran none = restore("--at", "10m", "--dry-run", "--output", "json");
    assertEquals(0, Json.parse(none.out().getBytes(UTF_8)).path("changes").size());
  }

  @Test
  void whatWasShownIsMadeAndRefusalsAreToldApart() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "secret\n");
    Ran ran =
        restore(
            "--at", "10m", "--confirm", "2", "--why", "a test", "--token-file", token.toString());
    assertEquals(1, ran.status(), "one was refused");
    assertTrue(
        ran.out()
            .endsWith(
                """
            ADDRESS     OUTCOME  REASON  VERSION  RANGE
            10.10.1.12  refused  stale   8        10.10.0.0/20
            """),
        ran.out());
    assertEquals("1 made, 0 were so already, 1 refused (stale 1)\n", ran.err());
    assertEquals(
        "{\"dryRun\":false,\"plan\":\"TICKET\",\"why\":\"a test\"}", asked.get(1).toString());
    assertEquals("Bearer secret", tokens.get(1));
  }

  @Test
  void unconfirmedNothingIsMade() {
    assertEquals(2, restore("--at", "10m").status(), "nobody is there");
    Ran wrong = restore("--at", "10m", "--confirm", "3");
    assertEquals(2, wrong.status());
    assertTrue(wrong.err().contains("there are 2 changes, not 3"), wrong.err());
    assertEquals(2, interactive(Optional.of("y")).status());
    assertEquals(2, interactive(Optional.of("")).status());
    assertTrue(asked.stream().allMatch(each -> each.path("dryRun").asBoolean()), asked.toString());
    made = MADE.lines().findFirst().orElseThrow() + "\n" + SUM.replace("\"stale\":1", "");
    assertEquals(0, interactive(Optional.of("yes")).status());
    assertFalse(asked.get(asked.size() - 1).path("dryRun").asBoolean());
  }

  @Test
  void nobodyIsAskedToConfirmWhatJsonDoesNotShow() {
    Ran ran = interactive(Optional.of("yes"), OutputFormat.JSON);
    assertEquals(2, ran.status());
    assertTrue(ran.err().contains("--confirm 2 or --yes; nothing was made"), ran.err());
    assertEquals("", ran.out());
    assertEquals(1, asked.size());
  }

  @Test
  void aHashGetsALineOfItsOwnWhateverStandsBefore() throws Exception {
    Path operators = Files.writeString(folder.resolve("operators"), "# who may");
    for (String name : List.of("ann", "bob")) {
      Path token = folder.resolve(name);
      Ran ran =
          Ran.sterna("operator", "add", name, "--operators", "" + operators, "--token", "" + token);
      assertEquals(0, ran.status(), ran.err());
    }
    assertTrue(
        Files.readString(operators).matches("# who may\nann:[0-9a-f]{64}\nbob:[0-9a-f]{64}\n"));
  }

  @Test
  void nothingToChangeAsksNobody() {
    planned = PLAN.replace("2,", "0,");
    Ran ran = restore("--at", "10m");
    assertEquals(0, ran.status());
    assertEquals("there is nothing to change\n", ran.err());
    assertEquals("", ran.out());
  }

  @Test
  void anAnswerThatBreaksOffIsNoSuccess() {
    made = MADE;
    Ran ran = restore("--at", "10m", "--yes");
    assertEquals(1, ran.status());
    assertTrue(ran.err().contains("the answer broke off after 2 changes"), ran.err());
    made = MADE + "{\"error\":{\"code\":\"broken_record\",\"message\":\"row 7 is gone\"}}\n";
    assertTrue(restore("--at", "10m", "--yes").err().contains("row 7 is gone"));
    planned = PLANNED;
    assertEquals(1, restore("--at", "10m", "--dry-run").status());
  }

  @Test
  void aTokenIsMadeOnceAndItsHashIsKept() throws Exception {
    Path operators = folder.resolve("operators");
    Path token = folder.resolve("ann.token");
    String[] add = {
      "operator", "add", "ann", "--operators", operators.toString(), "--token", token.toString()
    };
    assertEquals(0, Ran.sterna(add).status());
    assertEquals(1, Ran.sterna(add).status(), "it exists");
    assertTrue(Files.readString(operators).matches("ann:[0-9a-f]{64}\n"));
    assertTrue(Files.readString(token).matches("[A-Za-z0-9_-]{43}\n"));
    assertEquals("rw-------", perm(token));
    add[2] = "an n";
    add[6] = folder.resolve("other").toString();
    assertEquals(2, Ran.sterna(add).status());
    assertFalse(Files.exists(folder.resolve("other")));
    add[2] = "ann";
    Ran second = Ran.sterna(add);
    assertEquals(0, second.status());
    assertTrue(second.err().startsWith("ann had a token already, which stays"), second.err());
  }

  private static String perm(Path file) throws Exception {
    return java.nio.file.attribute.PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file));
  }

  private Ran interactive(Optional<String> answer) {
    return interactive(answer, OutputFormat.TABLE);
  }

  private Ran interactive(Optional<String> answer, OutputFormat output) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true));
    GlobalOptions options = new GlobalOptions();
    options.setApi(URI.create(server.url()));
    options.setOutput(output);
    ApiCommand api = new ApiCommand(options, terminal);
    int status =
        new CommandLine(new AuditRestoreCommand(api, question -> answer)).execute("--at", "10m");
    return new Ran(status, out.toString(), err.toString(), List.of());
  }

  private Ran restore(String... arguments) {
    List<String> all = new ArrayList<>(List.of("audit", "restore"));
    all.addAll(List.of(arguments));
    return server.sterna(all.toArray(String[]::new));
  }
}
