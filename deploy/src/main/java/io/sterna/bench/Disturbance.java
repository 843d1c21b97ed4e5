package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.Waiting;
import io.sterna.lab.process.ControlPlane;
import io.sterna.lab.process.LabProcesses;
import io.sterna.protocol.ControllerId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What happens by chance to the owners of ranges; whoever ended is started again. */
enum Disturbance {
  /** Killed: others take its ranges over. */
  KILLED,
  /** Leaves in order: its ranges move, and move back when it is there again. */
  LEAVES,
  /** Stands still, for so long that it is taken for dead or for a little less, and goes on. */
  PAUSED;

  /** Whatever takes longer than this will never come. */
  static final Duration BOUND = Duration.ofMinutes(2);

  private static final int PAUSE_MIN_MS = 1_000;
  private static final int PAUSE_MAX_MS = 7_000;

  /** Does it to this controller, and waits until all are there again. */
  void strike(ControlPlane control, ControllerId victim, Random random, Waiting waiting)
      throws LabException {
    LabProcesses processes = control.processes();
    String name = victim.value();
    switch (this) {
      case KILLED -> processes.kill(name);
      case LEAVES -> processes.stop(name);
      case PAUSED -> {
        signal(processes.running(name), "STOP");
        pass(PAUSE_MIN_MS + random.nextInt(PAUSE_MAX_MS - PAUSE_MIN_MS));
        signal(processes.running(name), "CONT");
      }
    }
    waiting.until(() -> missing(control), BOUND);
  }

  /**
   * What is missing until all controllers are well; empty if nothing is. Starts those that have
   * ended: one that stood still does so a little later, if it was thrown out of the cluster.
   */
  static String missing(ControlPlane control) throws LabException {
    List<ControllerId> all = control.files().controllers();
    for (ControllerId id : all) {
      if (!control.processes().isRunning(id.value())) {
        control.processes().restart(id.value());
      }
    }
    return control.api().healthy().size() == all.size() && control.api().membersUp() == all.size()
        ? ""
        : "all controllers to be well again";
  }

  static void pass(long millis) throws LabException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private static void signal(ProcessHandle process, String signal) throws LabException {
    try {
      String pid = String.valueOf(process.pid());
      if (new ProcessBuilder("kill", "-" + signal, pid).inheritIO().start().waitFor() != 0) {
        throw new LabException("cannot send " + signal + " to process " + pid);
      }
    } catch (IOException e) {
      throw new LabException("cannot send signals: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
