package io.sterna.lab.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sterna.lab.KernelNetwork;
import io.sterna.lab.Lab;
import io.sterna.lab.LabException;
import io.sterna.lab.LabSettings;
import io.sterna.lab.Progress;
import io.sterna.lab.UnwindOnExit;
import io.sterna.lab.Waiting;
import io.sterna.lab.probe.PacedStream;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.ControllerApi;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.IpAddress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * VMs of different sites talk over narrow links; Sterna sees it, proposes a plan, and when that is
 * approved has the VMs moved to where their peers are, while their connections live on.
 */
public final class RelocationStory {
  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final double STREAM_MBPS = 15;
  private static final double MEGABITS_PER_BYTE = 8e-6;

  /** Long enough that rates have settled: five time constants of ten seconds. */
  private static final long SETTLE_MS = 30_000;

  private static final long MEASURED_MS = 5_000;
  private static final double SETTLED = 0.9;

  private final LabSettings settings;
  private final Progress progress;
  private final KernelNetwork network;
  private final RelocationLab extension;

  /** A story that is told once. */
  public RelocationStory(LabSettings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    LabPlan plan = LabPlan.standard(settings.prefix());
    this.network = new KernelNetwork(plan);
    this.extension = new RelocationLab(settings, plan);
  }

  /**
   * Tells it. If this process is told to end meanwhile, the lab is taken down first.
   *
   * @param json whether the result is one JSON object
   * @return 0 if every promise held, 1 if one did not
   * @throws LabException if it could not be told to its end
   */
  public int run(boolean json, PrintStream out) throws LabException {
    Lab lab = new Lab(settings, network, extension);
    UnwindOnExit unwind = UnwindOnExit.ofThisThread();
    try {
      ControlPlane controlPlane = lab.up(LabProcesses.Life.WITH_US, progress);
      boolean told = false;
      try {
        extension.shape();
        RelocationReport report = tell(controlPlane.api());
        double offered = 2 * STREAM_MBPS;
        if (json) {
          out.println(report.fields(offered));
        } else {
          report.lines(offered).forEach(out::println);
        }
        told = true;
        return report.broken(offered).isEmpty() ? 0 : 1;
      } finally {
        if (told) {
          lab.down(progress);
        } else {
          progress.say("The story was cut short; the logs are in " + lab.stop(progress));
        }
      }
    } finally {
      network.close();
      unwind.close();
    }
  }

  private RelocationReport tell(ControllerApi api) throws LabException {
    LabPlan plan = network.plan();
    progress.say(
        "vm11 sends to vm21, and vm12 to vm31, %.0f Mbit/s each over links of %d Mbit/s"
            .formatted(STREAM_MBPS, RelocationLab.LINK_MBPS));
    try (PacedStream one = PacedStream.open(plan, plan.vm("vm11"), plan.vm("vm21"), STREAM_MBPS);
        PacedStream two = PacedStream.open(plan, plan.vm("vm12"), plan.vm("vm31"), STREAM_MBPS)) {
      List<PacedStream> streams = List.of(one, two);
      sleep(SETTLE_MS);
      Measured before = measure(streams);
      double seen = awaitSeen(api, before);
      long id = propose(api);
      JsonNode proposed = plan(api, id);
      progress.say(
          "Plan %d is proposed: %d moves; it is approved"
              .formatted(id, proposed.path("steps").size()));
      api.post("plans/" + id + "/approve?by=demo");
      awaitOver(api, id);
      sleep(MEASURED_MS);
      Measured after = measure(streams);
      JsonNode ended = plan(api, id);
      return new RelocationReport(
          ended,
          seen,
          before.wideAreaMbps(),
          after.wideAreaMbps(),
          after.receivedMbps(),
          streams.stream().flatMap(each -> each.broken().stream()).toList(),
          misplaced(ended));
    }
  }

  private record Measured(double wideAreaMbps, double receivedMbps) {}

  private Measured measure(List<PacedStream> streams) throws LabException {
    long startNanos = System.nanoTime();
    long wide = extension.wideAreaBytes();
    long received = received(streams);
    sleep(MEASURED_MS);
    double seconds = (System.nanoTime() - startNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    double perSecond = MEGABITS_PER_BYTE / seconds;
    return new Measured(
        (extension.wideAreaBytes() - wide) * perSecond, (received(streams) - received) * perSecond);
  }

  private static long received(List<PacedStream> streams) {
    return streams.stream().mapToLong(PacedStream::receivedBytes).sum();
  }

  /** What goes between sites, as Sterna sees it; waits until its rates have settled. */
  private double awaitSeen(ControllerApi api, Measured before) throws LabException {
    new Waiting(progress)
        .until(
            () ->
                seen(api) >= SETTLED * before.wideAreaMbps()
                    ? ""
                    : "Sterna to see the traffic between sites",
            BOUND);
    return seen(api);
  }

  private static double seen(ControllerApi api) {
    double mbps = 0;
    for (JsonNode link :
        api.read("traffic/links").orElse(MissingNode.getInstance()).path("links")) {
      if (!link.path("from").asText().equals(link.path("to").asText())) {
        mbps += link.path("mbps").asDouble();
      }
    }
    return mbps;
  }

  /** Asks for a plan until there is one: it has to prove itself first. */
  private long propose(ControllerApi api) throws LabException {
    new Waiting(progress).until(() -> proposed(api) > 0 ? "" : "a plan" + refusal(api), BOUND);
    return proposed(api);
  }

  /** The plan that waits for an approval; 0 if none does. */
  private static long proposed(ControllerApi api) {
    for (JsonNode each : api.read("plans").orElse(MissingNode.getInstance()).path("plans")) {
      if (each.path("state").asText().equals("proposed")) {
        return each.path("id").asLong();
      }
    }
    return 0;
  }

  /** Asks for one, and says why there is none yet. */
  private static String refusal(ControllerApi api) {
    try {
      api.post("plans?by=demo");
      return "";
    } catch (LabException e) {
      return ": " + e.getMessage();
    }
  }

  private static JsonNode plan(ControllerApi api, long id) throws LabException {
    return api.read("plans/" + id)
        .orElseThrow(() -> new LabException("no controller shows plan " + id));
  }

  private void awaitOver(ControllerApi api, long id) throws LabException {
    new Waiting(progress)
        .until(
            () -> {
              boolean isOver =
                  api.read("plans/" + id)
                      .map(plan -> plan.path("endedAtMillis").asLong() > 0)
                      .orElse(false);
              return isOver ? "" : "plan " + id + " to be executed";
            },
            BOUND);
  }

  private List<String> misplaced(JsonNode ended) throws LabException {
    List<String> misplaced = new ArrayList<>();
    for (JsonNode step : ended.path("steps")) {
      IpAddress address = IpAddress.parse(step.path("vm").asText());
      for (Vm vm : network.plan().vms()) {
        String site = network.siteOf(vm).id().value();
        if (vm.addresses().contains(address) && !site.equals(step.path("to").asText())) {
          misplaced.add(vm.name() + " is at " + site + ", not at " + step.path("to").asText());
        }
      }
    }
    return misplaced;
  }

  private static void sleep(long millis) throws LabException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
