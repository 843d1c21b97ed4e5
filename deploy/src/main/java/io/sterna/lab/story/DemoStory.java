package io.sterna.lab.story;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.KernelNetwork;
import io.sterna.lab.Lab;
import io.sterna.lab.LabException;
import io.sterna.lab.Progress;
import io.sterna.lab.SiteNetwork;
import io.sterna.lab.UnwindOnExit;
import io.sterna.lab.emulated.EmulatedNetwork;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.LabProcesses;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Prerequisites;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Builds a lab, tells the story on it, and takes it down again. */
public final class DemoStory {
  private static final int HELD = 0;
  private static final int BROKEN = 1;

  /**
   * Tells the story. If this process is told to end meanwhile, the lab is taken down first.
   *
   * @param out gets the result: a table, or JSON and nothing else
   * @param progressOut gets everything else
   * @return 0 if every promise held, 1 if one did not
   * @throws LabException if the story could not be told to its end
   */
  public int run(StorySettings settings, PrintStream out, PrintStream progressOut)
      throws LabException {
    Progress progress = new Progress(progressOut);
    SiteNetwork network = network(settings, progress);
    Lab lab = new Lab(settings.lab(), network);
    boolean keepsProcesses = settings.keep() && network instanceof KernelNetwork;
    LabProcesses.Life life =
        keepsProcesses ? LabProcesses.Life.ON_THEIR_OWN : LabProcesses.Life.WITH_US;
    UnwindOnExit unwind = UnwindOnExit.ofThisThread();
    try {
      ControlPlane controlPlane = lab.up(life, progress);
      return tell(settings, lab, controlPlane, out, progress);
    } finally {
      network.close();
      unwind.close();
    }
  }

  private static int tell(
      StorySettings settings,
      Lab lab,
      ControlPlane controlPlane,
      PrintStream out,
      Progress progress)
      throws LabException {
    boolean told = false;
    boolean kept = false;
    try {
      Consumer<MoveResult> eachMove = eachMove(settings, out);
      StoryReport report =
          new Story(settings, lab.network(), controlPlane, progress, eachMove).tell();
      print(report, settings, out);
      kept = settings.keep() && keep(controlPlane, report, progress, lab.network());
      told = true;
      return report.broken().isEmpty() ? HELD : BROKEN;
    } finally {
      if (!kept) {
        end(lab, told, progress);
      }
    }
  }

  private static void end(Lab lab, boolean told, Progress progress) throws LabException {
    if (told) {
      lab.down(progress);
    } else {
      progress.say("The story was cut short; the logs are in " + lab.stop(progress));
    }
  }

  private static SiteNetwork network(StorySettings settings, Progress progress) {
    LabPlan plan = LabPlan.standard(settings.lab().prefix());
    if (settings.emulated()) {
      progress.say("Emulated sites: the controllers, Cassandra and the agents are real");
      return new EmulatedNetwork(plan);
    }
    List<String> missing = Prerequisites.missing();
    if (missing.isEmpty()) {
      return new KernelNetwork(plan);
    }
    missing.forEach(each -> progress.say("Missing: " + each));
    progress.say("So the sites are emulated; controllers, Cassandra and agents are real");
    return new EmulatedNetwork(plan);
  }

  private static Consumer<MoveResult> eachMove(StorySettings settings, PrintStream out) {
    if (settings.json()) {
      return move -> {};
    }
    out.println(MoveTable.heading());
    return move -> {
      out.println(MoveTable.line(move));
      out.flush();
    };
  }

  private static void print(StoryReport report, StorySettings settings, PrintStream out)
      throws LabException {
    if (settings.json()) {
      try {
        out.println(new ObjectMapper().writeValueAsString(report.fields()));
      } catch (JsonProcessingException e) {
        throw new LabException("cannot print the result: " + e.getMessage(), e);
      }
      return;
    }
    FailoverResult failover = report.failover();
    out.printf(
        Locale.ROOT,
        "Controller %s killed: %s took over after %.0f ms, %d probes lost meanwhile, %s%n",
        failover.killed(),
        failover.newOwner(),
        failover.failoverMs(),
        failover.lostMeanwhile(),
        failover.forgotten().isEmpty() ? "nothing forgotten" : "something forgotten");
    report.promises().forEach(out::println);
    report.broken().forEach(line -> out.println("BROKEN PROMISE: " + line));
    out.println(report.broken().isEmpty() ? "Every promise held." : "Not every promise held.");
    out.flush();
  }

  /** Makes the lab whole again and says where it is. Emulated sites end with this process. */
  private static boolean keep(
      ControlPlane controlPlane, StoryReport report, Progress progress, SiteNetwork network)
      throws LabException {
    controlPlane.processes().restart(report.failover().killed());
    controlPlane.awaitControllers();
    String api = String.join(" ", controlPlane.api().addresses());
    if (network instanceof KernelNetwork) {
      progress.say("The lab stands. API: " + api + " ('sterna lab down' removes it)");
      return true;
    }
    progress.say("The lab stands until this command is ended. API: " + api);
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}
