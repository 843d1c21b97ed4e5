package io.sterna.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * From packets on real bridges to the traffic matrix, in a lab of real processes: what is shown is
 * what was sent, whatever dies.
 *
 * <p>Rates fade so slowly here (a thousand hours) that a pair's rate times the time constant is
 * what it sent, to a packet: except in the first interval of an element, which stands for all the
 * time before. Nobody listens to what is sent, so a direction is used only if the other one was
 * not: there, answers of ICMP count, too.
 */
class TelemetryIT {
  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final double CONSTANT_SECONDS = 1000 * 3600;
  private static final long INTERVAL_MS = 2_000;
  private static final int PAYLOAD_BYTES = 100;
  private static final int PACKET_BYTES = 20 + 8 + PAYLOAD_BYTES;
  private static final int PORT = 7007;

  private static final String OF_CONTROLLERS =
      """
      sterna.controller.traffic.time-constant = 1000h
      sterna.controller.network {
        sites = [
          { id = site1, latitude = 48.1, longitude = 11.6, vm-capacity = 5 }
          { id = site2, latitude = 52.5, longitude = 13.4, vm-capacity = 5 }
          { id = site3, latitude = 47.4, longitude = 8.5, vm-capacity = 5 }
        ]
        links = [
          { from = site1, to = site2, capacity-mbps = 1000, rtt-ms = 10 }
          { from = site2, to = site1, capacity-mbps = 1000, rtt-ms = 10 }
          { from = site1, to = site3, capacity-mbps = 1000, rtt-ms = 8 }
          { from = site3, to = site1, capacity-mbps = 1000, rtt-ms = 8 }
        ]
      }
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static LabSettings settings;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static KernelNetwork network;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static LabProcesses processes;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ControlPlane controlPlane;

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The oldest controller collects. */
  private static int collector;

  /** Elements begin with the session to this one. */
  private static int other;

  private final Waiting waiting = new Waiting(new Progress(LabOfTests.silence()));

  @BeforeAll
  static void build() throws Exception {
    settings = LabOfTests.settings(folder);
    network = new KernelNetwork(LabPlan.standard(settings.prefix()));
    processes = new LabProcesses(settings, LabProcesses.Life.WITH_US, all -> {});
    network.up();
    Progress progress = new Progress(LabOfTests.silence());
    controlPlane = new ControlPlane(settings, network.plan(), processes, progress);
    configure();
    controlPlane.startStore();
    controlPlane.startControllers();
    chooseControllers();
    configureElements();
    controlPlane.startAgents();
    controlPlane.awaitInSync();
    Map<IpAddress, FeId> expected = new LinkedHashMap<>();
    for (Vm vm : network.plan().vms()) {
      network.announce(vm);
      vm.addresses().forEach(address -> expected.put(address, vm.home().fe()));
    }
    controlPlane.awaitBindings(expected);
  }

  private static void configure() throws Exception {
    controlPlane.files().write();
    for (ControllerId id : controlPlane.files().controllers()) {
      Files.writeString(
          controlPlane.files().configOf(id), OF_CONTROLLERS, StandardOpenOption.APPEND);
    }
  }

  private static void chooseControllers() throws LabException {
    new Waiting(new Progress(LabOfTests.silence()))
        .until(() -> collectorSeenBy(0).isEmpty() ? "a collector" : "", BOUND);
    collector = Integer.parseInt(collectorSeenBy(0).substring(1)) - 1;
    other = (collector + 1) % 3;
  }

  private static void configureElements() throws IOException {
    for (Site site : network.plan().sites()) {
      String ofElement =
          """
          sterna.fe.controllers = ["%s:%d"]
          sterna.fe.telemetry { interval = %dms, resend-after = 500ms }
          """
              .formatted(
                  LabPorts.HOST,
                  settings.ports().controllers().get(other).southbound(),
                  INTERVAL_MS);
      Files.writeString(controlPlane.files().configOf(site), ofElement, StandardOpenOption.APPEND);
    }
  }

  @AfterAll
  static void remove() throws Exception {
    processes.stopAll();
    network.down();
  }

  /** One story, because each part stands on the one before. */
  @Test
  void theMatrixIsWhatWasSentWhateverDies(TestReporter reporter) throws Exception {
    awaitEveryElement();
    whatIsSentIsShownByAllControllers();
    aVmThatCameIsCountedAtItsNewPort();
    aLostSessionLosesAndDoublesNothing();
    whatWasRecordedCanBePlanned();
    anotherCollectorShowsTheSameWithinTwoIntervals(reporter);
  }

  private void whatIsSentIsShownByAllControllers() throws Exception {
    Vm one = vm("vm11");
    Vm two = vm("vm12");
    Vm far = vm("vm21");
    send(one, two.address4(), 500);
    send(one, far.address4(), 300);
    send(network.plan().client(), far.address4(), 200);
    for (int controller = 0; controller < 3; controller++) {
      awaitSent(controller, one.address4().toString(), two.address4().toString(), 500);
      awaitSent(controller, one.address4().toString(), far.address4().toString(), 300);
      awaitSent(controller, "192.168.100.0/24", far.address4().toString(), 200);
    }
    JsonNode pair = pair(2, one.address4().toString(), far.address4().toString());
    assertEquals("site1", pair.path("sourceSite").asText());
    assertEquals("site2", pair.path("destinationSite").asText());
    JsonNode links = get(0, "/api/v1/traffic/links?sort=name");
    JsonNode link = links.path("links").get(0);
    assertEquals("site1", link.path("from").asText());
    assertEquals("site2", link.path("to").asText());
    assertTrue(packets(link) >= 300, links.toString());
    JsonNode ofVm = get(1, "/api/v1/traffic/vms/" + far.address4());
    assertEquals("site2", ofVm.path("site").asText());
    assertTrue(packets(ofVm.path("received")) >= 500, ofVm.toString());
    String shown = sterna("traffic", "vm", far.address4().toString());
    assertTrue(shown.contains("192.168.100.0/24"), shown);
    String ofLinks = sterna("traffic", "links");
    assertTrue(ofLinks.contains("site1"), ofLinks);
    String top = sterna("traffic", "top", "--limit", "50", "--sort", "packets");
    assertTrue(top.contains("10.10.1.11"), top);
  }

  private void aVmThatCameIsCountedAtItsNewPort() throws Exception {
    Vm vm = vm("vm12");
    Vm to = vm("vm31");
    Site there = network.plan().site("site2");
    network.move(vm, there);
    controlPlane.awaitBindings(Map.of(vm.address4(), there.fe()));
    send(vm, to.address4(), 150);
    awaitSent(other, vm.address4().toString(), to.address4().toString(), 150);
    JsonNode pair = pairOrEmpty(other, vm, to);
    assertEquals("site2", pair.path("sourceSite").asText());
    assertEquals("site3", pair.path("destinationSite").asText());
  }

  /** The session in use ends with its controller; the collector stays, so all is exact. */
  private void aLostSessionLosesAndDoublesNothing() throws Exception {
    Vm from = vm("vm12");
    Vm to = vm("vm21");
    send(from, to.address4(), 400);
    processes.kill(name(other));
    send(from, to.address4(), 600);
    awaitSent(collector, from.address4().toString(), to.address4().toString(), 1000);
    restart(other);
    TimeUnit.MILLISECONDS.sleep(3 * INTERVAL_MS);
    awaitSent(collector, from.address4().toString(), to.address4().toString(), 1000);
    assertEquals(name(collector), collectorSeenBy(other), "as before");
  }

  /** One that comes back while the others still count on its former life may end once more. */
  private void restart(int number) throws Exception {
    waiting.until(
        () -> controlPlane.api().members() == 2 ? "" : name(number) + " to be removed", BOUND);
    processes.restart(name(number));
    controlPlane.awaitControllers();
  }

  private void whatWasRecordedCanBePlanned() throws Exception {
    Path recorded = folder.resolve("recorded");
    JsonNode answer =
        JSON.readTree(
            sterna("scenario", "record", "--out", recorded.toString(), "--output", "json"));
    assertEquals(3, answer.path("dataCenters").asInt());
    assertTrue(answer.path("recordedMbps").asDouble() > 0, answer.toString());
    String vms = Files.readString(recorded.resolve("vms.csv"));
    assertTrue(vms.contains("10.10.2.21,site2,0,true"), vms);
    assertTrue(vms.contains("192.168.100.0/24,site2,0,false"), vms);
    String traffic = Files.readString(recorded.resolve("traffic.csv"));
    assertTrue(traffic.contains("10.10.1.11,10.10.2.21,"), traffic);
    Path plan = folder.resolve("plan");
    sterna("plan", recorded.toString(), "--algorithm", "sterna", "--out", plan.toString());
    assertTrue(Files.exists(plan.resolve("plan.csv")));
  }

  private void anotherCollectorShowsTheSameWithinTwoIntervals(TestReporter reporter)
      throws Exception {
    Vm from = vm("vm31");
    Vm to = vm("vm21");
    AtomicBoolean stop = new AtomicBoolean();
    int perSec = 100;
    Thread stream = new Thread(() -> stream(from, to.address4(), perSec, stop), "steady");
    stream.setDaemon(true);
    stream.start();
    TimeUnit.MILLISECONDS.sleep(2 * INTERVAL_MS);
    processes.kill(name(collector));
    long beganNanos = awaitOtherCollector();
    awaitHeard();
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos);
    assertTrue(tookMs <= 2 * INTERVAL_MS, "all were heard of after " + tookMs + " ms");
    reporter.publishEntry("a new collector had heard of all elements after", tookMs + " ms");
    waiting.until(
        () -> {
          double rate = pairOrEmpty(other, from, to).path("packetsPerSec").asDouble();
          return Math.abs(rate - perSec) < 0.15 * perSec ? "" : "100 packets/s; it shows " + rate;
        },
        Duration.ofMillis(2 * INTERVAL_MS));
    stop.set(true);
    stream.join();
    // What the former one counted and acknowledged is not said again.
    JsonNode former = pairOrEmpty(other, vm("vm12"), vm("vm21"));
    assertEquals(0, former.path("packetsPerSec").asDouble(), former.toString());
    restart(collector);
    awaitEveryElement();
    send(vm("vm11"), vm("vm31").address4(), 250);
    awaitSent(other, vm("vm11").address4().toString(), vm("vm31").address4().toString(), 250);
  }

  private void awaitHeard() throws LabException {
    waiting.until(
        () -> {
          int heard = 0;
          for (JsonNode each : getOrEmpty(other, "/api/v1/traffic/links").path("elements")) {
            heard += each.path("heard").asBoolean() ? 1 : 0;
          }
          return heard == 3 ? "" : "reports of all; there are " + heard;
        },
        BOUND);
  }

  /** Waits until the matrix has an interval of each that was not its first. */
  private void awaitEveryElement() throws LabException {
    Map<String, Long> first = new LinkedHashMap<>();
    waiting.until(
        () -> {
          List<String> missing = new ArrayList<>();
          JsonNode elements = getOrEmpty(other, "/api/v1/traffic/links").path("elements");
          for (String fe : List.of("fe1", "fe2", "fe3")) {
            long interval = -1;
            for (JsonNode each : elements) {
              if (each.path("fe").asText().equals(fe) && each.path("heard").asBoolean()) {
                interval = each.path("interval").asLong();
                first.putIfAbsent(fe, interval);
              }
            }
            if (interval <= first.getOrDefault(fe, Long.MAX_VALUE)) {
              missing.add(fe);
            }
          }
          return missing.isEmpty() ? "" : "reports of " + missing;
        },
        BOUND);
  }

  private static String name(int controller) {
    return "c" + (controller + 1);
  }

  /** Empty if there is none. */
  private static String collectorSeenBy(int controller) {
    return getOrEmpty(controller, "/api/v1/traffic/links").path("collector").asText("");
  }

  /** When it began, on this test's clock; within a poll. */
  private long awaitOtherCollector() throws LabException {
    waiting.until(
        () -> {
          String now = collectorSeenBy(other);
          return now.isEmpty() || now.equals(name(collector)) ? "another collector" : "";
        },
        BOUND);
    return System.nanoTime();
  }

  private void awaitSent(int controller, String from, String to, long count) throws LabException {
    waiting.until(
        () -> {
          JsonNode pair = pair(controller, from, to);
          long packets = packets(pair);
          double bytes = pair.path("mbps").asDouble() * 1e6 / 8 * CONSTANT_SECONDS;
          boolean all = packets == count && Math.abs(bytes / (count * PACKET_BYTES) - 1) < 1e-3;
          return all
              ? ""
              : "%d packets from %s to %s; c%d shows %d, %.0f bytes"
                  .formatted(count, from, to, controller + 1, packets, bytes);
        },
        Duration.ofSeconds(20));
  }

  /** Rates that do not fade are counts. */
  private static long packets(JsonNode rate) {
    return Math.round(rate.path("packetsPerSec").asDouble() * CONSTANT_SECONDS);
  }

  private JsonNode pairOrEmpty(int controller, Vm from, Vm to) {
    return pair(controller, from.address4().toString(), to.address4().toString());
  }

  private JsonNode pair(int controller, String from, String to) {
    for (JsonNode each : getOrEmpty(controller, "/api/v1/traffic/pairs").path("pairs")) {
      if (each.path("source").asText().equals(from)
          && each.path("destination").asText().equals(to)) {
        return each;
      }
    }
    return JSON.createObjectNode();
  }

  private static JsonNode getOrEmpty(int controller, String path) {
    try {
      return get(controller, path);
    } catch (IOException e) {
      return JSON.createObjectNode();
    }
  }

  private static JsonNode get(int controller, String path) throws IOException {
    URI uri =
        URI.create(
                "http://"
                    + LabPorts.HOST
                    + ":"
                    + settings.ports().controllers().get(controller).http())
            .resolve(path);
    try {
      return JSON.readTree(
          HTTP.send(
                  HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                  BodyHandlers.ofString())
              .body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static Vm vm(String name) throws LabException {
    return network.plan().vm(name);
  }

  private static void send(Vm from, IpAddress to, int count) throws Exception {
    send(network.plan().namespace(from), to, count);
  }

  /** The first one alone: the rest need not wait for its neighbour to be found. */
  private static void send(String namespace, IpAddress to, int count) throws Exception {
    try (DatagramSocket socket =
        NetworkNamespace.named(namespace).call(() -> new DatagramSocket())) {
      for (int i = 0; i < count; i++) {
        datagram(socket, to);
        TimeUnit.MILLISECONDS.sleep(i == 0 ? 300 : 1);
      }
    }
  }

  private static void stream(Vm from, IpAddress to, int perSec, AtomicBoolean stop) {
    long periodNanos = TimeUnit.SECONDS.toNanos(1) / perSec;
    try (DatagramSocket socket =
        NetworkNamespace.named(network.plan().namespace(from)).call(() -> new DatagramSocket())) {
      long next = System.nanoTime();
      while (!stop.get()) {
        datagram(socket, to);
        next += periodNanos;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void datagram(DatagramSocket socket, IpAddress to) throws IOException {
    socket.send(
        new DatagramPacket(new byte[PAYLOAD_BYTES], PAYLOAD_BYTES, to.toInetAddress(), PORT));
  }

  /** Runs this build's command against the second controller. */
  private static String sterna(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(settings.command());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .put(
            "STERNA_API",
            "http://" + LabPorts.HOST + ":" + settings.ports().controllers().get(other).http());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), String.join(" ", command) + ": " + said);
    return said;
  }
}
