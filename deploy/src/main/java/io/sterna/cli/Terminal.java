package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.function.BooleanSupplier;

/**
 * Where a command writes.
 *
 * @param out results, and nothing else
 * @param err progress and errors
 * @param lost whether results could not be written, up to the last flush
 */
public record Terminal(PrintWriter out, PrintWriter err, BooleanSupplier lost) {
  /** Writers that cannot fail. */
  Terminal(PrintWriter out, PrintWriter err) {
    this(out, err, () -> false);
  }

  /** The process's own standard output and standard error; from now on all who print there. */
  static Terminal ofProcess() {
    WatchedOutput watched = new WatchedOutput(new FileOutputStream(FileDescriptor.out));
    // Stories print there themselves: what they print is watched as well.
    System.setOut(new PrintStream(new BufferedOutputStream(watched), true, UTF_8));
    return of(watched, new PrintWriter(System.err, true, UTF_8));
  }

  private static Terminal of(WatchedOutput watched, PrintWriter err) {
    OutputStream buffered = new BufferedOutputStream(watched);
    return new Terminal(new PrintWriter(buffered, true, UTF_8), err, watched::lost);
  }

  /** Results go to a stream that may fail. */
  static Terminal of(OutputStream out, PrintWriter err) {
    return of(new WatchedOutput(out), err);
  }

  /** Writes what waits; true = it, or something before, was lost. */
  boolean flushLost() {
    out.flush();
    return lost.getAsBoolean();
  }
}
