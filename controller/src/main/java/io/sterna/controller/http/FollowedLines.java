package io.sterna.controller.http;

import akka.util.ByteString;
import io.sterna.controller.audit.LogFollower;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.Recorded;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What one reader follows, as lines of JSON in blocks: entries, and the cursor behind them as the
 * last line. A block is some {@value #BLOCK_BYTES} bytes and ends with a row. Not thread-safe.
 */
final class FollowedLines {
  private static final int BLOCK_BYTES = 64 << 10;

  private final LogFollower follower;
  private final AuditFilter filter;
  private final Answers answers;
  private final FollowLine line;
  private final Queue<Recorded> rows = new ArrayDeque<>();

  /**
   * Some lines.
   *
   * @param bytes none if there is nothing new that is asked for
   * @param cursor where to go on after them
   * @param dueNanos when to ask again
   */
  record Block(ByteString bytes, String cursor, long dueNanos) {}

  FollowedLines(LogFollower follower, AuditFilter filter, Answers answers, FollowLine line) {
    this.follower = follower;
    this.filter = filter;
    this.answers = answers;
    this.line = line;
  }

  /** The first block: only where the reader begins. */
  Block first(long nowNanos) {
    String cursor = follower.cursor();
    return new Block(ByteString.fromArrayUnsafe(line.cursor(cursor)), cursor, nowNanos);
  }

  /** The next block; blocks while Cassandra answers. */
  Block next(long nowNanos) {
    if (rows.isEmpty()) {
      rows.addAll(follower.read(nowNanos));
    }
    ByteArrayOutputStream lines = new ByteArrayOutputStream(2 * BLOCK_BYTES);
    while (!rows.isEmpty() && lines.size() < BLOCK_BYTES) {
      Recorded row = rows.remove();
      for (AuditEntry entry : AuditEntry.of(row)) {
        if (filter.matches(entry)) {
          lines.writeBytes(answers.write(AuditModel.entry(entry)));
          lines.write('\n');
        }
      }
      follower.delivered(row);
    }
    String cursor = follower.cursor();
    if (lines.size() > 0) {
      lines.writeBytes(line.cursor(cursor));
    }
    long dueNanos = rows.isEmpty() ? follower.dueNanos() : nowNanos;
    return new Block(ByteString.fromArrayUnsafe(lines.toByteArray()), cursor, dueNanos);
  }
}
