package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.cli.Ran;
import io.sterna.lab.LabException;
import io.sterna.lab.emulated.TablesOfTests;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.IpAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A past moment brought back by the command, with real agents that follow. */
@ExtendWith(SharedStore.Resolver.class)
class RestoreIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WHY = "the script moved the wrong ones";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ClusterInOneJvm cluster;

  @BeforeAll
  static void start(SharedStore store) throws Exception {
    Path operators = folder.resolve("operators");
    String[] add = {"operator", "add", "ann", "--operators", operators.toString(), "--token"};
    Ran added = Ran.sterna(with(add, token()));
    assertEquals(0, added.status(), added.toString());
    assertEquals(1, Ran.sterna(with(add, token())).status(), "a token is never overwritten");
    String line = "sterna.controller.http.operators-file = \"%s\"%n".formatted(operators);
    cluster = ClusterInOneJvm.ofOne(folder, store, line, "");
    cluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  @Test
  void theTableOfThenComesBackOnRecord() throws Exception {
    cluster.awaitInSync(node());
    Vm early = vm("vm11");
    Vm moved = vm("vm21");
    Vm torn = vm("vm31");
    for (Vm each : List.of(early, moved, torn)) {
      announced(each);
    }
    Instant moment = Instant.ofEpochMilli(InstantSource.system().millis() + 1);
    String then = moment.toString();
    Map<String, String> tableThen = places(node().answer("audit", "at", now()).path("bindings"));
    cluster.await(true, () -> InstantSource.system().instant().isAfter(moment.plusMillis(1)));
    Vm late = vm("vm12");
    announced(late);
    moveTo(moved, "site1", 2);
    moveTo(torn, "site1", 2);

    JsonNode shown = node().answer("audit", "restore", "--at", then, "--dry-run");
    assertEquals(shown.path("changes").size(), shown.path("planned").path("changes").asInt());
    ObjectNode changes = JSON.createObjectNode();
    shown.path("changes").forEach(each -> changes.set(each.path("address").asText(), each));
    assertEquals("fe1", changes.path(text(moved)).path("from").path("fe").asText());
    assertEquals("fe2", changes.path(text(moved)).path("to").path("fe").asText());
    assertEquals(2, changes.path(text(moved)).path("expectedVersion").asInt());
    assertTrue(changes.path(text(late)).path("to").isNull(), "it was nowhere then");
    assertTrue(!changes.has(text(early)), "it is where it was");

    unconfirmedNothingIsMade(then, changes.size());
    long refused = whatChangedMeanwhileIsStale(shown, torn);
    assertEquals(new Attachment(site("site2").fe(), 3), node().bindings().get(moved.address4()));
    assertTrue(!node().bindings().containsKey(late.address4()), "released");

    Ran restored =
        node()
            .sterna(
                "audit", "restore", "--at", then, "--why", WHY, "--yes", "--token-file", token());
    assertEquals(0, restored.status(), restored.toString());
    assertTrue(restored.err().contains(refused + " made, 0 were so already, 0 refused"));
    assertEquals(tableThen, places(node().answer("vm", "list").path("bindings")));
    Ran nothing = node().sterna("audit", "restore", "--at", then, "--yes");
    assertEquals(0, nothing.status(), nothing.toString());
    assertTrue(nothing.err().contains("there is nothing to change"), nothing.toString());

    elementsFollow(moved, "site2");
    elementsFollow(torn, "site3");
    for (Site each : cluster.plan().sites()) {
      cluster.await(
          Optional.empty(), () -> TablesOfTests.nextHop(cluster.network(), each, late.address4()));
    }
    itIsOnRecord(moved, torn, then);
    whoSpeaksClaimsItsPlaceAgain(moved);
    onlyOperatorsChangeSomething(moved);
    Ran verified = node().sterna("audit", "verify");
    assertEquals(0, verified.status(), verified.toString());
  }

  private void unconfirmedNothingIsMade(String then, int changes) {
    Map<String, String> before = places(node().answer("vm", "list").path("bindings"));
    Ran alone = node().sterna("audit", "restore", "--at", then, "--token-file", token());
    assertEquals(2, alone.status(), alone.toString());
    assertTrue(alone.err().contains("--confirm " + changes), alone.toString());
    Ran other =
        node().sterna("audit", "restore", "--at", then, "--confirm", String.valueOf(changes + 1));
    assertEquals(2, other.status(), other.toString());
    Ran nobody =
        node().sterna("audit", "restore", "--at", then, "--confirm", String.valueOf(changes));
    assertEquals(1, nobody.status(), nobody.toString());
    assertTrue(nobody.err().contains("needs the token of an operator"), nobody.toString());
    Ran early = node().sterna("audit", "restore", "--at", "2020-01-01", "--yes");
    assertEquals(1, early.status(), early.toString());
    assertTrue(early.err().contains("nothing was on record"), early.toString());
    assertEquals(before, places(node().answer("vm", "list").path("bindings")));
  }

  /** Moves on between what is shown and what is made; says how many changes were refused. */
  private long whatChangedMeanwhileIsStale(JsonNode shown, Vm torn) throws Exception {
    moveTo(torn, "site2", 3);
    List<JsonNode> made = made(shown.path("planned").path("plan").asText());
    JsonNode sum = made.get(made.size() - 1);
    long stale = sum.path("refused").path("stale").asLong();
    assertTrue(stale >= 1, sum.toString());
    assertEquals(sum.path("changes").asLong(), stale + sum.path("made").asLong());
    JsonNode refused =
        made.stream()
            .filter(each -> each.path("address").asText().equals(text(torn)))
            .findFirst()
            .orElseThrow();
    assertEquals("stale", refused.path("reason").asText());
    assertEquals(3, refused.path("version").asInt());
    assertEquals(new Attachment(site("site2").fe(), 3), node().bindings().get(torn.address4()));
    JsonNode again = made(shown.path("planned").path("plan").asText()).get(made.size() - 1);
    assertEquals(0, again.path("made").asLong(), "asking twice is harmless");
    assertEquals(sum.path("made").asLong(), again.path("already").asLong());
    return stale;
  }

  private void itIsOnRecord(Vm moved, Vm torn, String then) {
    JsonNode log = node().answer("audit", "log", "--cause", "restore", "--address", text(torn));
    JsonNode last = log.path("entries").path(log.path("entries").size() - 1);
    assertEquals("moved", last.path("what").asText());
    assertEquals("ann", last.path("who").asText());
    assertEquals("127.0.0.1", last.path("from").asText());
    assertEquals(WHY, last.path("why").asText());
    assertEquals(Instant.parse(then), Instant.parse(last.path("restores").asText()));
    assertEquals("fe3", last.path("fe").asText());
    assertEquals("fe2", last.path("previousFe").asText());
    JsonNode first = log.path("entries").path(0);
    assertEquals("refused", first.path("what").asText());
    assertEquals("stale", first.path("reason").asText());
    assertEquals(
        1,
        node()
            .answer("audit", "log", "--who", "ann", "--what", "moved", "--address", text(moved))
            .path("entries")
            .size());
  }

  private void whoSpeaksClaimsItsPlaceAgain(Vm moved) throws LabException {
    cluster.network().announce(moved);
    cluster.await(
        new Attachment(site("site1").fe(), 4), () -> node().bindings().get(moved.address4()));
    elementsFollow(moved, "site1");
  }

  private void onlyOperatorsChangeSomething(Vm vm) throws Exception {
    Ran nobody = node().sterna("vm", "clear-damping", text(vm));
    assertEquals(1, nobody.status());
    assertTrue(nobody.err().contains("needs the token"), nobody.toString());
    Ran ann = node().sterna("vm", "clear-damping", text(vm), "--token-file", token());
    assertTrue(ann.err().contains("is not damped"), ann.toString());
    Path wrong = Files.writeString(folder.resolve("wrong.token"), "made-up\n");
    Ran eve = node().sterna("relocation", "propose", "--token-file", wrong.toString());
    assertTrue(eve.err().contains("no operator has this token"), eve.toString());
  }

  private void elementsFollow(Vm vm, String where) throws LabException {
    Site there = site(where);
    for (Site each : cluster.plan().sites()) {
      NextHop route =
          each.equals(there) ? new NextHop.Local(vm.mac()) : new NextHop.Tunnel(there.underlay4());
      cluster.await(
          Optional.of(route), () -> TablesOfTests.nextHop(cluster.network(), each, vm.address4()));
    }
  }

  private void announced(Vm vm) throws LabException {
    cluster.network().announce(vm);
    for (IpAddress address : List.of(vm.address4(), vm.address6())) {
      cluster.await(1L, () -> version(address));
    }
  }

  private void moveTo(Vm vm, String where, long version) throws LabException {
    cluster.network().move(vm, site(where));
    for (IpAddress address : List.of(vm.address4(), vm.address6())) {
      cluster.await(version, () -> version(address));
    }
  }

  private static long version(IpAddress address) {
    Attachment at = node().bindings().get(address);
    return at == null ? 0L : at.version();
  }

  /** As a program would have it made. */
  private static List<JsonNode> made(String plan) throws Exception {
    String body =
        JSON.createObjectNode()
            .put("dryRun", false)
            .put("plan", plan)
            .put("why", "by program")
            .toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node().apiAddress() + "/api/v1/audit/restore"))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + Files.readString(Path.of(token())).strip())
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer.body());
    List<JsonNode> lines = new ArrayList<>();
    for (String line : answer.body().lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    assertNotEquals(List.of(), lines);
    return lines;
  }

  private static Map<String, String> places(JsonNode bindings) {
    Map<String, String> places = new TreeMap<>();
    bindings.forEach(
        each ->
            places.put(
                each.path("address").asText(),
                each.path("fe").asText() + " " + each.path("mac").asText()));
    return places;
  }

  private static String now() {
    return InstantSource.system().instant().toString();
  }

  private static String text(Vm vm) {
    return vm.address4().toString();
  }

  private static String token() {
    return folder.resolve("ann.token").toString();
  }

  private static Vm vm(String name) throws LabException {
    return cluster.plan().vm(name);
  }

  private static Site site(String name) throws LabException {
    return cluster.plan().site(name);
  }

  private static String[] with(String[] words, String... more) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of(more));
    return all.toArray(new String[0]);
  }

  private static ClusterNode node() {
    return cluster.running().get(0);
  }
}
