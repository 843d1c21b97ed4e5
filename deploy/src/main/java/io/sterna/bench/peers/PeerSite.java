package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import io.sterna.lab.UnwindOnExit;
import io.sterna.lab.process.LabProcesses;
import io.sterna.linux.NetworkNamespace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Where a peer runs: a folder and daemons in network namespaces. Daemons end with this process,
 * however it ends; folder and daemons are gone when this is closed.
 */
public final class PeerSite implements AutoCloseable {
  private static final Duration START_BOUND = Duration.ofSeconds(30);
  private static final Duration END_BOUND = Duration.ofSeconds(10);
  private static final long RETRY_MS = 100;

  /** The kernel ties a child to the thread that started it, so this one lives as long as we do. */
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "peer-starter");
            thread.setDaemon(true);
            return thread;
          });

  private final Path folder;
  private final Map<String, Process> daemons = new LinkedHashMap<>();

  /** A site in a folder of its own below the given one. */
  public PeerSite(Path parent) throws LabException {
    try {
      this.folder = Files.createTempDirectory(parent, "sterna-peers-");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    } catch (IOException e) {
      throw new LabException("no folder in " + parent + ": " + e, e);
    }
  }

  /** A file or folder that is removed with the site. */
  Path path(String name) {
    return folder.resolve(name);
  }

  /** Writes a configuration file. */
  Path write(String name, String text) throws LabException {
    try {
      return Files.writeString(path(name), text);
    } catch (IOException e) {
      throw new LabException("cannot write " + path(name) + ": " + e, e);
    }
  }

  /** Makes a folder. */
  Path makeFolder(String name) throws LabException {
    try {
      return Files.createDirectories(path(name));
    } catch (IOException e) {
      throw new LabException("cannot make " + path(name) + ": " + e, e);
    }
  }

  /** Makes a user of this machine the owner of a folder. */
  void giveTo(Path path, String user) throws LabException {
    try {
      UserPrincipalLookupService users = path.getFileSystem().getUserPrincipalLookupService();
      Files.setOwner(path, users.lookupPrincipalByName(user));
    } catch (IOException e) {
      throw new LabException("cannot give " + path + " to " + user + ": " + e, e);
    }
  }

  /** Starts a program that stays in the foreground. */
  void start(String name, NetworkNamespace namespace, List<String> command) throws LabException {
    List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace.name()));
    words.addAll(List.of("setsid", "setpriv", "--pdeathsig", "KILL"));
    words.addAll(command);
    File log = path(name + ".log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    try {
      daemons.put(name, STARTER.submit(builder::start).get());
    } catch (ExecutionException e) {
      throw new LabException("cannot start " + name + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while starting " + name, e);
    }
  }

  /**
   * @throws LabException that quotes its last words if a daemon has ended
   */
  void checkRunning() throws LabException {
    for (Map.Entry<String, Process> each : daemons.entrySet()) {
      if (!each.getValue().isAlive()) {
        Path log = path(each.getKey() + ".log");
        throw new LabException(each.getKey() + " has ended: " + LabProcesses.lastLine(log));
      }
    }
  }

  /** Something that fails until a daemon is ready. */
  @FunctionalInterface
  interface Attempt<T> {
    /** Tries once. */
    T make() throws IOException;
  }

  /**
   * Tries again and again.
   *
   * @throws LabException if it still fails when daemons had time to start, or one of them has ended
   */
  <T> T untilReady(Attempt<T> attempt) throws LabException {
    long deadline = System.nanoTime() + START_BOUND.toNanos();
    while (true) {
      try {
        return attempt.make();
      } catch (IOException e) {
        checkRunning();
        if (System.nanoTime() > deadline) {
          throw new LabException("after %d s: %s".formatted(START_BOUND.toSeconds(), e), e);
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LabException("interrupted while daemons start", e);
      }
    }
  }

  /**
   * Processor time that a daemon has used.
   *
   * @throws LabException if it has ended
   */
  double cpuSeconds(String name) throws LabException {
    checkRunning();
    Process process = daemons.get(name);
    if (process == null) {
      throw new LabException("no daemon " + name);
    }
    Duration used = process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
    return (double) used.toNanos() / TimeUnit.SECONDS.toNanos(1);
  }

  /** Kills everything at once: nobody will read this data again. */
  @Override
  public void close() throws LabException {
    UnwindOnExit.uninterrupted(
        () -> {
          daemons.values().forEach(Process::destroyForcibly);
          for (Process each : daemons.values()) {
            awaitEnd(each);
          }
          daemons.clear();
          removeFolder();
        });
  }

  private static void awaitEnd(Process process) throws LabException {
    try {
      process.onExit().get(END_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new LabException("process " + process.pid() + " does not end", e);
    }
  }

  private void removeFolder() throws LabException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new LabException("cannot remove " + folder + ": " + e, e);
    }
  }
}
