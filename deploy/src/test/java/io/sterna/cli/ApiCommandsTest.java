package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The commands against a real HTTP server. */
final class ApiCommandsTest {
  private static final String VM =
      """
      {"address":"10.10.1.11","fe":"fe1","site":"site1","mac":"02:00:00:00:01:11","version":3,
       "range":"10.10.0.0/20","state":"active"}""";
  private static final String FE =
      """
      {"id":"fe1","site":"site1","underlay":"172.16.1.1","connected":true,"sessions":["c1","c2"],
       "inSync":false,"ranges":[{"range":"10.10.0.0/20","committedRevision":7,
       "appliedRevision":6,"epoch":2}]}""";

  private record Answer(int status, String body) {}

  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> methods = new ConcurrentLinkedQueue<>();
  @RegisterExtension final AnsweringServer server;

  ApiCommandsTest() throws Exception {
    server = new AnsweringServer(this::answer);
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.add(exchange.getRequestURI().toString());
    methods.add(exchange.getRequestMethod());
    Answer answer =
        answers.getOrDefault(exchange.getRequestURI().getPath(), new Answer(404, "not found"));
    byte[] body = answer.body().getBytes(UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void vmListIsATable() {
    answers.put("/api/v1/bindings", new Answer(200, "{\"bindings\":[" + VM + "]}"));
    Ran ran = ask("vm", "list");
    assertEquals(0, ran.status(), ran.err());
    assertEquals(
        """
        ADDRESS     FE   SITE   MAC                VERSION  STATE   RANGE
        10.10.1.11  fe1  site1  02:00:00:00:01:11  3        active  10.10.0.0/20
        """,
        ran.out());
  }

  @Test
  void vmListPassesItsFilterOn() {
    answers.put("/api/v1/bindings", new Answer(200, "{\"bindings\":[]}"));
    Ran ran = ask("vm", "list", "--prefix", "fd0a:10::/112", "--fe", "fe1", "--state", "damped");
    assertEquals("ADDRESS  FE  SITE  MAC  VERSION  STATE  RANGE\n", ran.out());
    assertEquals(
        "/api/v1/bindings?fe=fe1&prefix=fd0a%3A10%3A%3A%2F112&state=damped", asked.element());
  }

  @Test
  void howLongAnAddressIsDampedIsShown() {
    answers.put(
        "/api/v1/bindings/10.10.1.11",
        new Answer(
            200,
            VM.replace("\"state\":\"active\"", "\"state\":\"damped\",\"dampedForSeconds\":42")));
    answers.put(
        "/api/v1/bindings/10.10.1.12",
        new Answer(
            200,
            VM.replace("\"state\":\"active\"", "\"state\":\"active\",\"dampedForSeconds\":null")));
    String damped = ask("vm", "show", "10.10.1.11").out();
    assertTrue(damped.contains("  damped, free in 42 s  "), damped);
    String active = ask("vm", "show", "10.10.1.12").out();
    assertTrue(active.contains("  active  "), active);
  }

  @Test
  void dampingIsClearedByADelete() {
    answers.put(
        "/api/v1/bindings/10.10.1.11/damping",
        new Answer(200, "{\"address\":\"10.10.1.11\",\"range\":\"10.10.0.0/20\"}"));
    answers.put(
        "/api/v1/bindings/10.10.1.12/damping",
        new Answer(
            404, "{\"error\":{\"code\":\"not_damped\",\"message\":\"10.10.1.12 is not damped\"}}"));
    assertEquals(
        """
        ADDRESS     RANGE
        10.10.1.11  10.10.0.0/20
        """,
        ask("vm", "clear-damping", "10.10.1.11").out());
    assertFailed(ask("vm", "clear-damping", "10.10.1.12"), "sterna: 10.10.1.12 is not damped");
    assertEquals(List.of("DELETE", "DELETE"), List.copyOf(methods));
  }

  @Test
  void plansAreListedShownAndDecidedOn() {
    String plan =
        """
        "id":17,"state":"proposed","trigger":"schedule","proposedAtMillis":1700000000000,
        "endedAtMillis":0,"costBefore":0.5,"costAfter":0.125,"stepCount":1,"done":0,
        "approvedBy":"","reason":\"\"""";
    String step =
        """
        {"step":1,"vm":"10.10.1.11","from":"a","to":"b","memoryMib":2048,"state":"waiting",
        "costBefore":0.5,"costAfter":0.125,"reason":"lowers the cost","detail":""}""";
    answers.put("/api/v1/plans", new Answer(200, "{\"plans\":[{" + plan + "}]," + plan + "}"));
    answers.put("/api/v1/plans/17", new Answer(200, "{" + plan + ",\"steps\":[" + step + "]}"));
    answers.put("/api/v1/plans/17/approve", new Answer(200, "{" + plan + "}"));
    answers.put(
        "/api/v1/plans/17/stop",
        new Answer(409, "{\"error\":{\"code\":\"refused\",\"message\":\"plan 17 is done\"}}"));
    String row =
        """
        PLAN  STATE     PROPOSED              TRIGGER   STEPS  DONE  COST BEFORE  COST AFTER  \
        APPROVED BY  REASON
        17    proposed  2023-11-14T22:13:20Z  schedule  1      0     0.500000     0.125000    \
        -            -
        """;
    assertEquals(row, ask("relocation", "list").out());
    assertEquals(row, ask("relocation", "propose").out());
    assertEquals(row, ask("relocation", "approve", "17").out());
    assertEquals(
        row
            + """

            STEP  VM          FROM  TO  MIB   STATE    COST BEFORE  COST AFTER  WHY              \
            DETAIL
            1     10.10.1.11  a     b   2048  waiting  0.500000     0.125000    lowers the cost  -
            """,
        ask("relocation", "show", "17").out());
    assertFailed(ask("relocation", "stop", "17"), "sterna: plan 17 is done");
    assertEquals(List.of("GET", "POST", "POST", "GET", "POST"), List.copyOf(methods));
  }

  @Test
  void whatIsNotInTheInventoryIsSaidWhereNothingIsFound() {
    answers.put("/api/v1/bindings", new Answer(200, "{\"bindings\":[]}"));
    answers.put("/api/v1/audit/log", new Answer(200, "{\"entries\":[],\"next\":null}"));
    answers.put(
        "/api/v1/forwarding-elements", new Answer(200, "{\"forwardingElements\":[" + FE + "]}"));
    assertEquals(
        "there is no element 'nofe' now, only: fe1\n", ask("vm", "list", "--fe", "nofe").err());
    assertEquals("", ask("vm", "list", "--fe", "fe1").err());
    assertEquals(
        "no entry on record is like that\nthere is no site 'nosite' now, only: site1\n",
        ask("audit", "log", "--site", "nosite").err());
    assertEquals("no entry on record is like that\n", ask("audit", "log", "--who", "nobody").err());
  }

  @Test
  void aRecordOfWhichNothingIsCheckedIsNotFoundWhole() {
    answers.put(
        "/api/v1/audit/verify",
        new Answer(200, "{\"checkpoints\":{\"count\":0,\"faults\":[]},\"ranges\":[]}"));
    Ran ran = ask("audit", "verify");
    assertEquals(1, ran.status());
    assertTrue(ran.err().startsWith("no range was checked\n"), ran.err());
    Ran key = ask("audit", "verify", "--key", "audit.key.pub");
    assertEquals(2, key.status());
    assertTrue(key.err().contains("--key goes with --file"), key.err());
  }

  @Test
  void jsonIsOneDocumentAndNothingElse() throws Exception {
    answers.put("/api/v1/bindings/10.10.1.11", new Answer(200, VM));
    Ran ran = ask("vm", "show", "10.10.1.11", "--output", "json");
    assertEquals(Json.parse(VM.getBytes(UTF_8)), Json.parse(ran.out().getBytes(UTF_8)));
    assertEquals("", ran.err());
  }

  @Test
  void anUnknownVmIsOneLine() {
    answers.put(
        "/api/v1/bindings/10.10.9.9",
        new Answer(404, "{\"error\":{\"code\":\"unknown\",\"message\":\"no such VM\"}}"));
    Ran ran = ask("vm", "show", "10.10.9.9");
    assertFailed(ran, "sterna: no such VM");
  }

  @Test
  void feListAndShow() {
    answers.put(
        "/api/v1/forwarding-elements", new Answer(200, "{\"forwardingElements\":[" + FE + "]}"));
    answers.put("/api/v1/forwarding-elements/fe1", new Answer(200, FE));
    assertEquals(
        """
        FE   SITE   UNDERLAY    CONNECTED  IN-SYNC
        fe1  site1  172.16.1.1  yes        no
        """,
        ask("fe", "list").out());
    assertEquals(
        """
        FE   SITE   UNDERLAY    CONNECTED  IN-SYNC
        fe1  site1  172.16.1.1  yes        no

        sessions: c1 c2

        RANGE         EPOCH  COMMITTED  APPLIED
        10.10.0.0/20  2      7          6
        """,
        ask("fe", "show", "fe1").out());
  }

  @Test
  void statusShowsEverythingAndFailsWhenDegraded() throws Exception {
    answers.put(
        "/api/v1/health",
        new Answer(503, "{\"status\":\"degraded\",\"checks\":{\"cassandra\":\"no answer\"}}"));
    answers.put(
        "/api/v1/members",
        new Answer(
            200,
            """
            {"members":[{"id":"c1","address":"127.0.0.1:2551","status":"Up","reachable":true,
             "oldest":true}]}"""));
    answers.put(
        "/api/v1/ranges",
        new Answer(
            200,
            """
            {"ranges":[{"range":"10.10.0.0/20","owner":"c1","epoch":1,"revision":7,"bindings":4,
             "inactive":2,"damped":1,"hash":"0123456789abcdef",
             "convergence":{"changes":9,"givenUp":0,"p50Ms":3.5,"p99Ms":12.25,"maxMs":13.0}},
            {"range":"10.10.16.0/20","owner":null,"epoch":0,"revision":0,
             "bindings":0,"inactive":0,"damped":0,"hash":""}]}"""));
    answers.put(
        "/api/v1/forwarding-elements", new Answer(200, "{\"forwardingElements\":[" + FE + "]}"));
    Ran table = ask("status");
    assertEquals(1, table.status());
    assertEquals(
        """
        health: degraded
          cassandra: no answer

        CONTROLLER  ADDRESS         STATUS  REACHABLE  OLDEST
        c1          127.0.0.1:2551  Up      yes        yes

        RANGE          OWNER  EPOCH  REVISION  BINDINGS  INACTIVE  DAMPED  P99 MS  HASH
        10.10.0.0/20   c1     1      7         4         2         1       12.3    0123456789ab
        10.10.16.0/20  -      0      0         0         0         0       -       -

        FE   SITE   UNDERLAY    CONNECTED  IN-SYNC
        fe1  site1  172.16.1.1  yes        no
        """,
        table.out());
    Ran json = ask("status", "--output=json");
    assertEquals(
        "c1", Json.parse(json.out().getBytes(UTF_8)).path("members").path(0).path("id").asText());
    answers.put("/api/v1/health", new Answer(200, "{\"status\":\"ok\",\"checks\":{}}"));
    assertEquals(0, ask("status").status());
    String gone = FE.replace("\"connected\":true", "\"connected\":false");
    answers.put(
        "/api/v1/forwarding-elements", new Answer(200, "{\"forwardingElements\":[" + gone + "]}"));
    Ran degraded = ask("status");
    assertEquals(1, degraded.status());
    assertTrue(degraded.out().contains("forwarding-elements: no session: fe1"), degraded.out());
  }

  @Test
  void trafficBetweenSitesIsTwoTables() {
    answers.put(
        "/api/v1/traffic/links",
        new Answer(
            200,
            """
            {"collector":"c1","asOf":"2026-08-03T10:00:00Z","since":"2026-08-03T09:00:00Z",
             "total":{"mbps":12.5,"packetsPerSec":900},"unlisted":{"mbps":0,"packetsPerSec":0},
             "pairs":7,"elements":[
              {"fe":"fe1","site":"site1","heard":true,"secondsAgo":4.25,"interval":9,"bytes":700,
               "packets":5},
              {"fe":"fe2","site":"site2","heard":false,"secondsAgo":0,"interval":0,"bytes":0,
               "packets":0}],
             "links":[
              {"from":"site1","to":"site2","mbps":8.5,"packetsPerSec":1000,"carriedMbps":9.0,
               "capacityMbps":100.0,"load":0.09},
              {"from":"site2","to":"site3","mbps":1.0,"packetsPerSec":10,"carriedMbps":null,
               "capacityMbps":null,"load":null}]}"""));
    Ran ran = ask("traffic", "links", "--sort", "load");
    assertEquals(0, ran.status(), ran.err());
    assertEquals(
        """
        collected by c1 since 2026-08-03T09:00:00Z: 12.500 Mbit/s in all, 0.000 of it in small pairs that are not listed

        FE   SITE   REPORTS  SECONDS AGO  BYTES  PACKETS
        fe1  site1  yes      4.3          700    5
        fe2  site2  no       -            0      0

        FROM   TO     MBPS   PACKETS/S  CARRIED  CAPACITY  LOAD
        site1  site2  8.500  1000.000   9.000    100.0     9.0 %
        site2  site3  1.000  10.000     -        -         -
        """,
        ran.out());
    assertEquals(List.of("/api/v1/traffic/links?sort=load"), List.copyOf(asked));
  }

  @Test
  void trafficOfPairsIsATable() {
    String pair =
        """
        {"source":"10.10.1.11","sourceSite":"site1","destination":"198.51.100.0/24",
         "destinationSite":"","mbps":1.25,"packetsPerSec":3,"errorMbps":0}""";
    answers.put("/api/v1/traffic/top", new Answer(200, "{\"pairs\":[" + pair + "]}"));
    answers.put(
        "/api/v1/traffic/vms/10.10.1.11",
        new Answer(
            200,
            """
            {"address":"10.10.1.11","site":"site1","sent":{"mbps":1.25,"packetsPerSec":3},
             "received":{"mbps":0,"packetsPerSec":0},"peers":[%s]}"""
                .formatted(pair)));
    String table =
        """
        SOURCE      SITE   DESTINATION      SITE  MBPS   PACKETS/S
        10.10.1.11  site1  198.51.100.0/24  -     1.250  3.000
        """;
    assertEquals(table, ask("traffic", "top", "--limit", "3").out());
    assertEquals(
        """
        ADDRESS     SITE   SENT MBPS  PACKETS/S  RECEIVED MBPS  PACKETS/S
        10.10.1.11  site1  1.250      3.000      0.000          0.000

        """
            + table,
        ask("traffic", "vm", "10.10.1.11", "--sort", "packets").out());
    assertEquals(
        List.of(
            "/api/v1/traffic/top?limit=3&sort=mbps",
            "/api/v1/traffic/vms/10.10.1.11?limit=20&sort=packets"),
        List.copyOf(asked));
    answers.put(
        "/api/v1/traffic/vms/10.10.9.9",
        new Answer(404, "{\"error\":{\"code\":\"no_traffic\",\"message\":\"nothing heard\"}}"));
    assertFailed(ask("traffic", "vm", "10.10.9.9"), "sterna: nothing heard");
  }

  @Test
  void anUnreachableApiIsOneLine() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Ran ran = Ran.sterna("status", "--api", "http://127.0.0.1:" + port);
    assertFailed(ran, "sterna: the API at http://127.0.0.1:" + port + " is not reachable");
  }

  @Test
  void nonsenseFromTheServerIsOneLine() {
    answers.put("/api/v1/bindings", new Answer(200, "<html>"));
    assertFailed(ask("vm", "list"), "did not answer JSON");
    answers.put("/api/v1/bindings", new Answer(200, "[]"));
    assertFailed(ask("vm", "list"), "did not answer a JSON object");
    answers.put("/api/v1/bindings", new Answer(500, "oops"));
    assertFailed(ask("vm", "list"), "answered 500");
  }

  @Test
  void anElementIsOneTableOfCsv() {
    answers.put("/api/v1/forwarding-elements/fe1", new Answer(200, FE));
    assertEquals(
        """
        FE,SITE,UNDERLAY,CONNECTED,IN-SYNC,SESSIONS,RANGE,EPOCH,COMMITTED,APPLIED
        fe1,site1,172.16.1.1,yes,no,c1 c2,10.10.0.0/20,2,7,6
        """,
        ask("fe", "show", "fe1", "--output", "csv").out());
  }

  @Test
  void rangesOfWhichNothingIsArchivedAreOneLine() {
    String spared =
        ",\"rows\":0,\"rowBytes\":0,\"files\":0,\"fileBytes\":0,\"archivedTo\":0,\"wrong\":\"\","
            + "\"note\":\"it has 0 snapshots, and must have 2\"}";
    answers.put(
        "/api/v1/audit/archive",
        new Answer(
            200,
            "{\"phase\":\"done\",\"ranges\":2,\"rangesDone\":2,\"failure\":\"\",\"outcomes\":["
                + "{\"range\":\"10.10.0.0/20\""
                + spared
                + ",{\"range\":\"10.10.16.0/20\""
                + spared
                + "]}"));
    Ran ran = ask("audit", "archive", "--status");
    assertEquals(1, ran.out().lines().count(), ran.out());
    assertTrue(
        ran.err()
            .startsWith("2 ranges have none to archive: it has 0 snapshots, and must have 2\n"),
        ran.err());
  }

  @Test
  void whatTheApiCallsABadRequestIsBadUsage() {
    answers.put(
        "/api/v1/audit/log",
        new Answer(400, "{\"error\":{\"code\":\"bad_request\",\"message\":\"no such range\"}}"));
    Ran ran = ask("audit", "log", "--address", "192.0.2.1");
    assertEquals(2, ran.status());
    assertEquals("sterna: no such range\n", ran.err());
  }

  private static void assertFailed(Ran ran, String reason) {
    assertEquals(1, ran.status());
    assertEquals("", ran.out());
    assertTrue(ran.err().contains(reason), ran.err());
    assertEquals(1, ran.err().lines().count(), ran.err());
  }

  private Ran ask(String... arguments) {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    return server.sterna(all.toArray(String[]::new));
  }
}
