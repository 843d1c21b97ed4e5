package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;

/**
 * Where a command writes.
 *
 * @param out results, and nothing else
 * @param err progress and errors
 */
public record Terminal(PrintWriter out, PrintWriter err) {
  /** The process's own standard output and standard error. */
  static Terminal ofProcess() {
    return new Terminal(
        new PrintWriter(System.out, true, UTF_8), new PrintWriter(System.err, true, UTF_8));
  }
}
