package io.sterna.lab.process;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process of a lab that was started, in a form that can be written down.
 *
 * @param name like {@code c1}, {@code fe2} or {@code cassandra}
 * @param pid its process id
 * @param startedAtMs when it started, by the kernel, in milliseconds since 1970: a process id alone
 *     may belong to another process by now; 0 if the kernel does not say
 * @param arguments the subcommand and its options
 * @param log what it says
 */
public record LabProcess(
    String name, long pid, long startedAtMs, List<String> arguments, Path log) {
  public LabProcess {
    arguments = List.copyOf(arguments);
  }

  /** The process, if it still runs. */
  public Optional<ProcessHandle> running() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(handle -> startedAtMs(handle) == startedAtMs);
  }

  /** When a process started, as {@link #startedAtMs()} has it. */
  static long startedAtMs(ProcessHandle handle) {
    return handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
