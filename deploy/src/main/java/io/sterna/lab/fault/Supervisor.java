package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.protocol.ControllerId;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Starts controllers that should run and do not, a second after it sees that: what an init system
 * does on every machine ({@code Restart=always}). Thread-safe.
 */
final class Supervisor implements AutoCloseable {
  private static final long LOOK_MS = 1000;

  private final Starter starter;
  private final Predicate<String> runs;
  private final Set<ControllerId> wanted = new LinkedHashSet<>();
  private final Thread looking = new Thread(this::keepLooking, "fault-supervisor");

  /** Starts a controller. */
  @FunctionalInterface
  interface Starter {
    void start(ControllerId id) throws LabException;
  }

  Supervisor(Starter starter, Predicate<String> runs) {
    this.starter = starter;
    this.runs = runs;
  }

  void start() {
    looking.setDaemon(true);
    looking.start();
  }

  private void keepLooking() {
    try {
      while (true) {
        look();
        TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** This controller should run from now on. */
  synchronized void want(ControllerId id) {
    wanted.add(id);
  }

  /** This controller stays as it is from now on. */
  synchronized void leave(ControllerId id) {
    wanted.remove(id);
  }

  private synchronized void look() {
    for (ControllerId id : wanted) {
      if (!runs.test(id.value())) {
        try {
          starter.start(id);
        } catch (LabException e) {
          // It is tried again; if it never starts, whoever waits for it says so.
        }
      }
    }
  }

  @Override
  public synchronized void close() {
    wanted.clear();
    looking.interrupt();
  }
}
