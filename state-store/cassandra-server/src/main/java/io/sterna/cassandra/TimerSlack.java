package io.sterna.cassandra;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How late the timers of threads may fire, so that the kernel can wake them less often (Linux,
 * {@code timerslack_ns} in proc(5)).
 *
 * <p>While Cassandra's stages have work they look for more some 16,000 times a second, out of naps
 * that the kernel's usual slack of 50 us makes as short as that: at thousands of single rows a
 * second a fifth of the processor time of Cassandra and of the controller beside it. With more
 * slack a row waits longer for its turn, by a part of it.
 */
final class TimerSlack {
  private TimerSlack() {}

  /** For this thread and all that it starts. Where that cannot be set it stays as it is. */
  static void set(long nanos) {
    try {
      // It links to PID/task/TID, and only /proc/TID has the file.
      Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName();
      Files.write(
          Path.of("/proc", String.valueOf(thread), "timerslack_ns"),
          Long.toString(nanos).getBytes(StandardCharsets.US_ASCII),
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      // Not this system's: everything works, at more cost.
    }
  }
}
