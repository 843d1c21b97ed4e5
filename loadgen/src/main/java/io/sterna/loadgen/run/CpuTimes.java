package io.sterna.loadgen.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Processor time, user and system, that processes of this machine have used: each with all its
 * descendants, since Cassandra is the child of what watches over it.
 *
 * @param processes by a name for people
 */
public record CpuTimes(Map<String, ProcessHandle> processes) {
  /** How this process, the load itself, is called. */
  public static final String LOAD = "load";

  private static final double NANOS_PER_SECOND = 1e9;

  public CpuTimes {
    Map<String, ProcessHandle> all = new LinkedHashMap<>();
    all.put(LOAD, ProcessHandle.current());
    all.putAll(processes);
    processes = all;
  }

  /** Seconds that each has used until now; 0 for one that has ended. */
  Map<String, Double> seconds() {
    Map<String, Double> seconds = new LinkedHashMap<>();
    processes.forEach((name, process) -> seconds.put(name, secondsOf(process)));
    return seconds;
  }

  /** Seconds that each has used since an earlier moment. */
  Map<String, Double> since(Map<String, Double> earlier) {
    Map<String, Double> seconds = seconds();
    seconds.replaceAll((name, now) -> now - earlier.getOrDefault(name, 0.0));
    return seconds;
  }

  private static double secondsOf(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
            .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
            .mapToLong(Duration::toNanos)
            .sum()
        / NANOS_PER_SECOND;
  }
}
