package io.sterna.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.probe.FlowLog;
import io.sterna.lab.probe.LossAccount;
import io.sterna.lab.probe.ProbeSession;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.ControllerApi;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever dies: nothing is forgotten, and forwarding never stops. */
class CrashIT {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final int ROUTE_PROTOCOL = 157;
  private static final int ROUTE_METRIC = 15_700;

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static Lab lab;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ControlPlane controlPlane;

  private final Progress progress = new Progress(LabOfTests.silence());
  private final Waiting waiting = new Waiting(progress);

  @BeforeAll
  static void build() throws LabException {
    lab = Lab.inNamespaces(LabOfTests.settings(folder));
    controlPlane = lab.up(LabProcesses.Life.WITH_US, new Progress(LabOfTests.silence()));
  }

  @AfterAll
  static void remove() throws LabException {
    lab.network().close();
    lab.down(new Progress(LabOfTests.silence()));
  }

  @Test
  void allControllersDieAndComeBackWithTheSameBindings() throws Exception {
    Vm vm = lab.plan().vm("vm11");
    Map<IpAddress, ControllerApi.Attachment> before = controlPlane.api().bindings().orElseThrow();
    assertEquals(8, before.size());
    try (ProbeSession probes = lab.network().probe(vm, lab.plan().vm("vm31"))) {
      awaitAnswers(probes);
      List<Long> starts = probes.flows().stream().map(FlowLog::sentCount).toList();
      for (ControllerId controller : controlPlane.files().controllers()) {
        controlPlane.processes().kill(controller.value());
      }
      assertTrue(controlPlane.api().bindings().isEmpty());
      for (ControllerId controller : controlPlane.files().controllers()) {
        controlPlane.processes().restart(controller.value());
      }
      controlPlane.awaitControllers();
      controlPlane.awaitInSync();
      waiting.until(
          () ->
              controlPlane.api().bindings().orElse(Map.of()).size() == before.size()
                  ? ""
                  : "bindings",
          BOUND);
      assertEquals(before, controlPlane.api().bindings().orElseThrow());
      assertNothingLost(probes, starts);
    }
  }

  @Test
  void agentDiesAndComesBackToWhatTheControllersHold() throws Exception {
    Vm vm = lab.plan().vm("vm11");
    Vm other = lab.plan().vm("vm21");
    String namespace = lab.plan().namespace(lab.plan().site("site1"));
    try (ProbeSession probes = lab.network().probe(vm, lab.plan().vm("vm31"))) {
      awaitAnswers(probes);
      List<Long> starts = probes.flows().stream().map(FlowLog::sentCount).toList();
      controlPlane.processes().kill("fe1");
      run("ip", "-n", namespace, "route", "add", "10.10.9.1/32", "dev", LabPlan.BRIDGE);
      run(
          "ip",
          "-n",
          namespace,
          "route",
          "add",
          "10.10.9.2/32",
          "dev",
          LabPlan.BRIDGE,
          "proto",
          String.valueOf(ROUTE_PROTOCOL),
          "metric",
          String.valueOf(ROUTE_METRIC));
      lab.network().move(other, lab.plan().site("site3"));
      controlPlane.processes().restart("fe1");
      controlPlane.awaitInSync();
      waiting.until(
          () -> {
            Set<String> bound = boundAddresses();
            Set<String> routes = routes(namespace, "-4");
            routes.addAll(routes(namespace, "-6"));
            return routes.equals(bound) ? "" : routes + " to be " + bound;
          },
          BOUND);
      assertTrue(
          run("ip", "-n", namespace, "route", "show", "10.10.9.1").contains(LabPlan.BRIDGE),
          "a route that the agent did not install is gone");
      assertNothingLost(probes, starts);
    }
    for (IpAddress address : other.addresses()) {
      run("ip", "netns", "exec", lab.plan().client(), "ping", "-c1", "-W5", address.toString());
    }
  }

  private Set<String> boundAddresses() {
    Set<String> bound = new TreeSet<>();
    controlPlane
        .api()
        .bindings()
        .orElse(Map.of())
        .keySet()
        .forEach(address -> bound.add(address.toString()));
    return bound;
  }

  /** Not as JSON: a route over a tunnel has two values named 'dst' there. */
  private static Set<String> routes(String namespace, String family) throws LabException {
    String printed =
        run(
            "ip",
            "-n",
            namespace,
            family,
            "-o",
            "route",
            "show",
            "proto",
            String.valueOf(ROUTE_PROTOCOL));
    Set<String> destinations = new TreeSet<>();
    printed
        .lines()
        .map(line -> IpAddress.parse(line.split(" ", 2)[0]).toString())
        .forEach(destinations::add);
    return destinations;
  }

  private void awaitAnswers(ProbeSession probes) throws LabException {
    List<Long> goals = probes.flows().stream().map(flow -> flow.sentCount() + 100).toList();
    for (int i = 0; i < goals.size(); i++) {
      FlowLog flow = probes.flows().get(i);
      long goal = goals.get(i);
      waiting.until(() -> flow.lastAnswered() >= goal ? "" : "answers to " + flow.name(), BOUND);
    }
  }

  private void assertNothingLost(ProbeSession probes, List<Long> starts) throws LabException {
    List<Long> ends = probes.flows().stream().map(FlowLog::sentCount).toList();
    awaitAnswers(probes);
    for (int i = 0; i < starts.size(); i++) {
      FlowLog flow = probes.flows().get(i);
      LossAccount account = LossAccount.ofRest(flow.fates(starts.get(i), ends.get(i)));
      assertEquals(0, account.lost(), flow.name() + ": " + account);
    }
    probes.streams().forEach(stream -> assertEquals("", stream.brokenBecause(), stream.name()));
  }

  private static String run(String... command) throws LabException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new LabException(String.join(" ", command) + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new LabException(String.join(" ", command) + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
