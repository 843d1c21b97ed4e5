package io.sterna.lab.process;

import io.sterna.lab.LabException;
import io.sterna.lab.LabSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Starts, kills and stops the processes of a lab: children that run {@code sterna}'s subcommands,
 * each with a log file of its own. Thread-safe.
 */
public final class LabProcesses {
  private static final Duration STOP_BOUND = Duration.ofSeconds(20);
  private static final int LAST_WORDS_CHARS = 2_000;

  /**
   * All roles start together on few cores, and are watched before they are warm: compiling would
   * take the time of what is measured, so it is done soon and quickly. On machines of their own
   * roles run without this. Every JVM reads this variable, Cassandra's too.
   */
  private static final String COMPILE_LITTLE =
      "-XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=0.05";

  /**
   * The kernel ties a child to the thread that started it, so this one must live as long as we do.
   */
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "lab-process-starter");
            thread.setDaemon(true);
            return thread;
          });

  /** Whether processes end with this one. */
  public enum Life {
    /** The kernel ends them when this process ends, however it ends. */
    WITH_US,
    /** They stay when this process ends. */
    ON_THEIR_OWN
  }

  /** How processes compile. */
  public enum Compiling {
    /** Soon and little: for what is watched before it is warm. */
    LITTLE,
    /** As Java does by itself: for what is measured after it is warm. */
    FULLY
  }

  private final LabSettings settings;
  private final Life life;
  private final Compiling compiling;
  private final Observer observer;
  private final Function<String, List<String>> wrapper;
  private final Map<String, LabProcess> processes = new LinkedHashMap<>();

  /** Told after each start. */
  @FunctionalInterface
  public interface Observer {
    /**
     * These processes were started so far.
     *
     * @throws LabException if that cannot be written down
     */
    void started(List<LabProcess> all) throws LabException;
  }

  /** No process yet; they will compile little. */
  public LabProcesses(LabSettings settings, Life life, Observer observer) {
    this(settings, life, Compiling.LITTLE, observer, name -> List.of());
  }

  /**
   * No process yet.
   *
   * @param wrapper of a process's name: the words before its command, like {@code ip netns exec}
   */
  public LabProcesses(
      LabSettings settings,
      Life life,
      Compiling compiling,
      Observer observer,
      Function<String, List<String>> wrapper) {
    this.settings = settings;
    this.life = life;
    this.compiling = compiling;
    this.observer = observer;
    this.wrapper = wrapper;
  }

  /** What an earlier command started and wrote down: to be ended. */
  public static LabProcesses known(LabSettings settings, List<LabProcess> known) {
    LabProcesses processes = new LabProcesses(settings, Life.ON_THEIR_OWN, all -> {});
    known.forEach(process -> processes.processes.put(process.name(), process));
    return processes;
  }

  /** Every process that was started, in order; some may have ended. */
  public synchronized List<LabProcess> all() {
    return List.copyOf(processes.values());
  }

  /**
   * Starts a process, or starts it again.
   *
   * @param name its name within the lab
   * @param arguments the subcommand and its options
   * @throws LabException if it runs already or cannot be started
   */
  public synchronized LabProcess start(String name, Path log, List<String> arguments)
      throws LabException {
    return start(name, log, settings.command(), arguments);
  }

  /**
   * The same, run by another {@code sterna}.
   *
   * @param sterna what runs it, to which the arguments are added
   * @throws LabException if it runs already or cannot be started
   */
  public synchronized LabProcess start(
      String name, Path log, List<String> sterna, List<String> arguments) throws LabException {
    LabProcess before = processes.get(name);
    if (before != null && before.running().isPresent()) {
      throw new LabException(name + " runs already, as process " + before.pid());
    }
    List<String> command = new ArrayList<>(List.of("setsid"));
    if (life == Life.WITH_US) {
      command.addAll(List.of("setpriv", "--pdeathsig", "KILL"));
    }
    command.addAll(wrapper.apply(name));
    command.addAll(sterna);
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // The first of each kind makes the others quicker, if this is a folder that can be written to.
    builder.environment().putIfAbsent("STERNA_CLASS_ARCHIVE", "write");
    if (compiling == Compiling.LITTLE) {
      builder
          .environment()
          .merge("JDK_JAVA_OPTIONS", COMPILE_LITTLE, (own, ours) -> ours + " " + own);
    }
    try {
      ProcessHandle handle = STARTER.submit(builder::start).get().toHandle();
      LabProcess process =
          new LabProcess(name, handle.pid(), LabProcess.startedAtMs(handle), arguments, log);
      processes.put(name, process);
      observer.started(all());
      return process;
    } catch (ExecutionException e) {
      throw new LabException("cannot start " + name + ": " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while starting " + name, e);
    }
  }

  /** Starts a process again that has ended, with the same arguments. */
  public synchronized LabProcess restart(String name) throws LabException {
    LabProcess process = started(name);
    return start(name, process.log(), process.arguments());
  }

  /**
   * Kills a process, with those that it started, as a crash would (SIGKILL) and waits until they
   * are gone.
   *
   * @throws LabException if it does not run
   */
  public void kill(String name) throws LabException {
    ProcessHandle handle = running(name);
    List<ProcessHandle> all = Stream.concat(handle.descendants(), Stream.of(handle)).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(LabProcesses::awaitEnd);
  }

  /**
   * Tells a process to end (SIGTERM) and waits until it has, 20 s at most; then it is killed.
   *
   * @throws LabException if it does not run
   */
  public void stop(String name) throws LabException {
    ProcessHandle handle = running(name);
    handle.destroy();
    awaitEnd(handle);
  }

  /** Whether a process of this name was started and has not ended. */
  public synchronized boolean isRunning(String name) {
    LabProcess process = processes.get(name);
    return process != null && process.running().isPresent();
  }

  /** The process of this name. */
  public ProcessHandle running(String name) throws LabException {
    return started(name).running().orElseThrow(() -> new LabException(name + " does not run"));
  }

  private synchronized LabProcess started(String name) throws LabException {
    LabProcess process = processes.get(name);
    if (process == null) {
      throw new LabException("no process '" + name + "'; there are " + processes.keySet());
    }
    return process;
  }

  /**
   * @throws LabException that quotes the last lines of its log if a process has ended
   */
  public void checkRunning() throws LabException {
    for (LabProcess process : all()) {
      if (process.running().isEmpty()) {
        throw new LabException(
            process.name() + " has ended; see " + process.log() + ": " + lastLine(process.log()));
      }
    }
  }

  /** The last line that a log holds, for a message. */
  public static String lastLine(Path log) {
    List<String> lines = lastLines(log, 1);
    return lines.isEmpty() ? "(nothing)" : lines.get(0);
  }

  /** The last lines that a log holds and that are not blank, oldest first, for people. */
  public static List<String> lastLines(Path log, int count) {
    try {
      byte[] bytes = Files.readAllBytes(log);
      int from = Math.max(0, bytes.length - LAST_WORDS_CHARS * count);
      List<String> lines =
          new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.isBlank())
              .map(String::strip)
              .toList();
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      return List.of("(cannot be read)");
    }
  }

  /**
   * Ends every process, last started first: SIGTERM, and SIGKILL to those that do not end. The
   * first, the store of all others, is told only after they have ended.
   */
  public void stopAll() {
    List<LabProcess> all = new ArrayList<>(all());
    if (all.isEmpty()) {
      return;
    }
    LabProcess store = all.remove(0);
    Collections.reverse(all);
    all.forEach(process -> process.running().ifPresent(ProcessHandle::destroy));
    all.forEach(process -> process.running().ifPresent(LabProcesses::awaitEnd));
    store.running().ifPresent(ProcessHandle::destroy);
    store.running().ifPresent(LabProcesses::awaitEnd);
  }

  private static void awaitEnd(ProcessHandle handle) {
    try {
      handle.onExit().get(STOP_BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      handle.destroyForcibly();
    } catch (ExecutionException | TimeoutException e) {
      handle.destroyForcibly();
    }
  }
}
