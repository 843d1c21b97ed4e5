package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.store.keys.FileReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code audit log --follow}: shows entries as they are recorded. Where a connection ends it goes
 * on by itself: an entry is shown once the cursor behind it has come, so none is shown twice and
 * none is left out.
 */
final class AuditFollow {
  private static final Duration PAUSE_FIRST = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(10);

  private final ApiCommand api;
  private final Map<String, String> filter;
  private final FollowedTable table;
  private final List<JsonNode> waiting = new ArrayList<>();
  private volatile @Nullable String cursor;
  private Duration pause = PAUSE_FIRST;
  private boolean heard;

  /**
   * @param cursor where to go on; null = where the filter begins
   */
  AuditFollow(ApiCommand api, Map<String, String> filter, @Nullable String cursor) {
    this.api = api;
    this.filter = Map.copyOf(filter);
    this.cursor = cursor;
    this.table = new FollowedTable(api);
  }

  /**
   * Ends when nobody reads what it shows any more.
   *
   * @throws OperationFailedException if it cannot begin, or never can go on
   */
  int run() throws OperationFailedException {
    Thread farewell = new Thread(this::sayWhereItWas, "farewell");
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      while (!api.out().checkError()) {
        connectOnce();
      }
      return ExitStatus.DONE;
    } finally {
      removeHook(farewell);
    }
  }

  private static void removeHook(Thread farewell) {
    try {
      Runtime.getRuntime().removeShutdownHook(farewell);
    } catch (IllegalStateException e) {
      // The process ends already, and the hook does what it is for.
      return;
    }
  }

  private void connectOnce() throws OperationFailedException {
    Map<String, String> asked = new TreeMap<>(filter);
    String from = cursor;
    if (from != null) {
      asked.put("cursor", from);
      // The cursor says where; a time that counts from now would by now be a later one.
      asked.remove("from");
    }
    asked.put("follow", "true");
    String ended;
    try (InputStream stream = api.client().auditFollow(asked);
        SilenceWatch watch = SilenceWatch.over(stream)) {
      ended = read(stream, watch);
    } catch (IOException e) {
      if (!heard) {
        throw new OperationFailedException(FileReason.why(e), e);
      }
      ended = "the connection ended: " + FileReason.why(e);
    }
    waiting.clear();
    if (!api.out().checkError()) {
      api.note(ended + "; it goes on where it was");
      pause();
    }
  }

  /** Why it ended. */
  private String read(InputStream stream, SilenceWatch watch)
      throws IOException, OperationFailedException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    String text = lines.readLine();
    while (text != null) {
      watch.heard();
      JsonNode line = Json.parse(text.getBytes(StandardCharsets.UTF_8));
      if (line.path("cut").asBoolean()) {
        return cut(line);
      }
      take(line);
      if (api.out().checkError()) {
        return "nobody reads this";
      }
      text = lines.readLine();
    }
    return watch.isOver() ? "nothing was heard any more" : "the controller ended the connection";
  }

  private void take(JsonNode line) {
    if (line.has("id")) {
      waiting.add(line);
    } else if (line.has("cursor")) {
      heard = true;
      pause = PAUSE_FIRST;
      waiting.forEach(table::show);
      waiting.clear();
      cursor = line.path("cursor").asText();
      table.behind(line);
    }
  }

  private String cut(JsonNode line) throws OperationFailedException {
    String reason = line.path("reason").asText();
    String message = line.path("message").asText();
    boolean never = reason.equals("broken") || (reason.equals("full") && !heard);
    if (never) {
      throw new OperationFailedException(message);
    }
    return "cut: " + message;
  }

  private void pause() throws OperationFailedException {
    try {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OperationFailedException("interrupted", e);
    }
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
  }

  private void sayWhereItWas() {
    String last = cursor;
    if (last != null) {
      api.note("to go on: --cursor " + last);
    }
  }

  /** Closes a connection on which nothing comes: controllers say something every few seconds. */
  private static final class SilenceWatch implements AutoCloseable {
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final InputStream stream;
    private final Thread thread;
    private volatile long heardNanos = System.nanoTime();
    private volatile boolean over;

    private SilenceWatch(InputStream stream) {
      this.stream = stream;
      this.thread = new Thread(this::watch, "silence-watch");
    }

    static SilenceWatch over(InputStream stream) {
      SilenceWatch watch = new SilenceWatch(stream);
      watch.thread.setDaemon(true);
      watch.thread.start();
      return watch;
    }

    void heard() {
      heardNanos = System.nanoTime();
    }

    boolean isOver() {
      return over;
    }

    private void watch() {
      try {
        while (System.nanoTime() - heardNanos < SILENCE_MAX.toNanos()) {
          TimeUnit.SECONDS.sleep(1);
        }
        over = true;
        stream.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
