package io.sterna.agent.hypervisor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValueFactory;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Any hypervisor, by a command that is run once for each operation, with the name of the operation
 * as its last argument.
 *
 * <pre>
 * stdin   one line of JSON: {"operation":"move","id":"p17-3","vm":"10.10.1.11","from":"fe1","to":"fe2",
 *         "endpoint":"..."}; only what the operation is about
 * stdout  any number of lines {"state":"copying","done":N,"total":N} and {"state":"paused"} while it
 *         moves; the last line is the answer:
 *           report    {"vms":[{"address":"10.10.1.11","memory_mib":2048,"dirty_mbps":10}],
 *                      "vm_capacity":20,"memory_capacity_mib":65536}
 *           prepare   {"endpoint":"..."}
 *           complete, cancel   {"running":true} if the VM runs here
 *           start, stop, move  {} or nothing
 * exit    0: it holds. Anything else: it does not, and the last line of stderr says why
 * </pre>
 *
 * <p>A command that takes longer than it may is killed, with whatever it has started, and has
 * failed.
 */
public final class CommandHypervisor implements Hypervisor {
  private static final int LINE_CHARS_MAX = 1 << 20;
  private static final int REASON_CHARS_MAX = 200;
  private static final Progress NOBODY =
      new Progress() {
        @Override
        public void copying(long doneBytes, long totalBytes) {}

        @Override
        public void paused() {}
      };

  private final List<String> command;
  private final Duration timeout;
  private final Duration moveTimeout;

  /**
   * Runs nothing yet.
   *
   * @param command program and first arguments
   * @param timeout of every operation but a move
   * @param moveTimeout of a move
   */
  public CommandHypervisor(List<String> command, Duration timeout, Duration moveTimeout) {
    this.command = List.copyOf(command);
    this.timeout = timeout;
    this.moveTimeout = moveTimeout;
  }

  @Override
  public Inventory report() throws HypervisorException, InterruptedException {
    Config answer = run("report", Map.of(), timeout, NOBODY);
    try {
      List<RunningVm> vms = new ArrayList<>();
      for (Config each : answer.getConfigList("vms")) {
        vms.add(
            new RunningVm(
                IpAddress.parse(each.getString("address")),
                each.getLong("memory_mib"),
                each.hasPath("dirty_mbps") ? each.getDouble("dirty_mbps") : 0));
      }
      return new Inventory(
          vms, answer.getInt("vm_capacity"), answer.getLong("memory_capacity_mib"));
    } catch (ConfigException | IllegalArgumentException e) {
      throw new HypervisorException("report: " + firstLine(e), e);
    }
  }

  @Override
  public void start(IpAddress vm) throws HypervisorException, InterruptedException {
    run("start", Map.of("vm", vm.toString()), timeout, NOBODY);
  }

  @Override
  public void stop(IpAddress vm) throws HypervisorException, InterruptedException {
    run("stop", Map.of("vm", vm.toString()), timeout, NOBODY);
  }

  @Override
  public String prepare(Migration migration) throws HypervisorException, InterruptedException {
    Config answer = run("prepare", of(migration), timeout, NOBODY);
    try {
      return answer.hasPath("endpoint") ? answer.getString("endpoint") : "";
    } catch (ConfigException e) {
      throw new HypervisorException("prepare: " + firstLine(e), e);
    }
  }

  @Override
  public void move(Migration migration, String endpoint, Progress progress)
      throws HypervisorException, InterruptedException {
    Map<String, Object> about = of(migration);
    about.put("endpoint", endpoint);
    run("move", about, moveTimeout, progress);
  }

  @Override
  public boolean complete(Migration migration) throws HypervisorException, InterruptedException {
    return isRunning("complete", migration);
  }

  @Override
  public boolean cancel(Migration migration) throws HypervisorException, InterruptedException {
    return isRunning("cancel", migration);
  }

  private boolean isRunning(String operation, Migration migration)
      throws HypervisorException, InterruptedException {
    Config answer = run(operation, of(migration), timeout, NOBODY);
    try {
      return answer.getBoolean("running");
    } catch (ConfigException e) {
      throw new HypervisorException(operation + ": " + firstLine(e), e);
    }
  }

  private static Map<String, Object> of(Migration migration) {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("id", migration.operation().value());
    about.put("vm", migration.vm().toString());
    about.put("from", migration.from().value());
    about.put("to", migration.to().value());
    return about;
  }

  private Config run(
      String operation, Map<String, Object> about, Duration patience, Progress progress)
      throws HypervisorException, InterruptedException {
    List<String> words = new ArrayList<>(command);
    words.add(operation);
    Process process;
    try {
      process = new ProcessBuilder(words).start();
    } catch (IOException e) {
      throw new HypervisorException(operation + ": " + firstLine(e), e);
    }
    FutureTask<String> answer = new FutureTask<>(() -> lastLine(process, progress));
    FutureTask<String> complaint = new FutureTask<>(() -> lastOf(reader(process, true)));
    thread(answer, operation);
    thread(complaint, operation);
    try {
      long endNanos = System.nanoTime() + patience.toNanos();
      say(process, operation, about);
      String said = answer.get(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (!process.waitFor(endNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        throw new TimeoutException();
      }
      if (process.exitValue() != 0) {
        String why = complaint.get(1, TimeUnit.SECONDS);
        throw new HypervisorException(
            "%s: %s".formatted(operation, why.isEmpty() ? "exit " + process.exitValue() : why));
      }
      return said.isEmpty() ? ConfigFactory.empty() : parsed(said);
    } catch (TimeoutException e) {
      throw new HypervisorException(
          "%s: did not end within %d s".formatted(operation, patience.toSeconds()), e);
    } catch (ExecutionException | ConfigException e) {
      throw new HypervisorException(operation + ": " + firstLine(e), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void thread(Runnable task, String operation) {
    Thread thread = new Thread(task, "sterna-hypervisor-" + operation);
    thread.setDaemon(true);
    thread.start();
  }

  private static void say(Process process, String operation, Map<String, Object> about) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("operation", operation);
    all.putAll(about);
    String line =
        ConfigValueFactory.fromMap(all).render(ConfigRenderOptions.concise())
            + System.lineSeparator();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A command need not read what it does not want to know.
      return;
    }
  }

  private static String lastLine(Process process, Progress progress) throws IOException {
    String last = "";
    try (BufferedReader reader = reader(process, false)) {
      for (String line = read(reader); line != null; line = read(reader)) {
        if (!line.isBlank() && !tell(line, progress)) {
          last = line;
        }
      }
    }
    return last;
  }

  private static boolean tell(String line, Progress progress) {
    Config said = parsed(line);
    String state = said.hasPath("state") ? said.getString("state") : "";
    switch (state) {
      case "copying" -> progress.copying(number(said, "done"), number(said, "total"));
      case "paused" -> progress.paused();
      default -> {
        return false;
      }
    }
    return true;
  }

  private static long number(Config said, String key) {
    return said.hasPath(key) ? Math.max(0, said.getLong(key)) : 0;
  }

  private static Config parsed(String line) {
    return ConfigFactory.parseString(
        line, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
  }

  private static BufferedReader reader(Process process, boolean complaints) {
    return new BufferedReader(
        new InputStreamReader(
            complaints ? process.getErrorStream() : process.getInputStream(),
            StandardCharsets.UTF_8));
  }

  /** One line, of bounded length: what a command says costs bounded memory. */
  private static @Nullable String read(BufferedReader reader) throws IOException {
    StringBuilder line = new StringBuilder();
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n'; c = reader.read()) {
      if (line.length() == LINE_CHARS_MAX) {
        throw new IOException("a line of more than " + LINE_CHARS_MAX + " characters");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  private static String lastOf(BufferedReader reader) throws IOException {
    String last = "";
    for (String line = read(reader); line != null; line = read(reader)) {
      last = line.isBlank() ? last : line.strip();
    }
    return shortened(last);
  }

  private static String firstLine(Throwable e) {
    Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    return shortened(String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
  }

  /** Without what would break a line of a log or a text on the wire. */
  private static String shortened(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", " ");
    return clean.length() > REASON_CHARS_MAX ? clean.substring(0, REASON_CHARS_MAX) : clean;
  }
}
