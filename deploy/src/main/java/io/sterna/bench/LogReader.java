package io.sterna.bench;

import io.sterna.protocol.RangeId;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Follows the log of a controller over a socket of its own, which it can leave unread; goes on by
 * its cursor when the connection has ended.
 */
public final class LogReader implements AutoCloseable {
  private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]+)\"");
  private static final int RECEIVE_BUFFER_BYTES = 64 << 10;
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);
  private static final long PAUSE_MS = 200;

  private final URI base;
  private final String begin;
  private final Thread thread;
  private final FollowedSequence sequence = new FollowedSequence();
  private final List<String> cuts = new ArrayList<>();
  private volatile String cursor = "";
  private volatile boolean stalled;
  private volatile boolean closed;
  private int connections;

  private LogReader(URI base, String begin) {
    this.base = base;
    this.begin = begin;
    this.thread = new Thread(this::run, "log-reader");
  }

  /**
   * Begins.
   *
   * @param api like {@code http://127.0.0.1:8080}
   * @param begin what is asked at first, like {@code from=5m}; empty = what comes now
   */
  public static LogReader start(String api, String begin) {
    LogReader reader = new LogReader(URI.create(api), begin);
    reader.thread.setDaemon(true);
    reader.thread.start();
    return reader;
  }

  /** From now on it reads nothing, or goes on reading. */
  public void stall(boolean reads) {
    stalled = !reads;
  }

  /** Where it is; empty before its first line. */
  public String cursor() {
    return cursor;
  }

  /** Why it was cut, each time it was told. */
  public List<String> cuts() {
    synchronized (sequence) {
      return List.copyOf(cuts);
    }
  }

  /** How often it connected. */
  public int connections() {
    synchronized (sequence) {
      return connections;
    }
  }

  /** Entries that came. */
  public long entries() {
    synchronized (sequence) {
      return sequence.entries();
    }
  }

  /** Entries that came again. */
  public long twice() {
    synchronized (sequence) {
      return sequence.twice();
    }
  }

  /** Places at which entries are missing. */
  public long missed() {
    synchronized (sequence) {
      return sequence.missed();
    }
  }

  /** How far it is in a range. */
  public long revision(RangeId range) {
    synchronized (sequence) {
      return sequence.revision(range);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void run() {
    while (!closed) {
      try {
        connectOnce();
      } catch (IOException e) {
        // It goes on by its cursor, as any reader would.
        if (!closed) {
          pause();
        }
      }
    }
  }

  private void connectOnce() throws IOException {
    try (Socket socket = new Socket()) {
      socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
      socket.setSoTimeout((int) SILENCE_MAX.toMillis());
      socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
      synchronized (sequence) {
        connections++;
      }
      String asked = cursor.isEmpty() ? begin : "cursor=" + cursor;
      String request =
          "GET /api/v1/audit/log?follow=true%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(asked.isEmpty() ? "" : "&" + asked, base.getHost());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      read(new Unread(socket.getInputStream()));
    }
  }

  private void read(InputStream stream) throws IOException {
    String status = line(stream);
    if (!status.contains(" 200 ")) {
      throw new IOException(status);
    }
    while (!line(stream).isEmpty()) {
      // Headers: the body is in chunks.
    }
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(new Chunks(stream), StandardCharsets.UTF_8));
    List<String> waiting = new ArrayList<>();
    String line = lines.readLine();
    while (line != null && !closed) {
      take(line, waiting);
      line = lines.readLine();
    }
  }

  /** Entries count when the cursor behind them has come. */
  private void take(String line, List<String> waiting) {
    if (line.startsWith("{\"id\":")) {
      waiting.add(line);
      return;
    }
    Matcher found = CURSOR.matcher(line);
    if (!found.find()) {
      return;
    }
    synchronized (sequence) {
      waiting.forEach(sequence::add);
      if (line.contains("\"cut\":true")) {
        cuts.add(line);
      }
    }
    waiting.clear();
    cursor = found.group(1);
  }

  private static String line(InputStream stream) throws IOException {
    StringBuilder line = new StringBuilder();
    int next = stream.read();
    while (next != '\n') {
      if (next < 0) {
        throw new IOException("the connection ended");
      }
      if (next != '\r') {
        line.append((char) next);
      }
      next = stream.read();
    }
    return line.toString();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes nothing from the socket while the reader is stalled. */
  private final class Unread extends FilterInputStream {
    private static final int BUFFER_BYTES = 32 << 10;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int at;
    private int end;

    Unread(InputStream socket) {
      super(socket);
    }

    @Override
    public int read() throws IOException {
      if (at == end) {
        fill();
      }
      return end < 0 ? -1 : buffer[at++] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (at == end) {
        fill();
      }
      if (end < 0) {
        return -1;
      }
      int count = Math.min(length, end - at);
      System.arraycopy(buffer, at, bytes, offset, count);
      at += count;
      return count;
    }

    private void fill() throws IOException {
      while (stalled && !closed) {
        pause();
      }
      if (closed) {
        throw new IOException("closed");
      }
      at = 0;
      end = in.read(buffer, 0, buffer.length);
      at = end < 0 ? end : 0;
    }
  }

  /** The content of chunks. */
  private static final class Chunks extends FilterInputStream {
    private static final int HEX = 16;

    private long rest;
    private boolean first = true;
    private boolean ended;

    Chunks(InputStream stream) {
      super(stream);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (rest == 0 && !ended) {
        next();
      }
      if (ended) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(rest, length));
      if (count < 0) {
        throw new IOException("the connection ended within a chunk");
      }
      rest -= count;
      return count;
    }

    private void next() throws IOException {
      if (!first) {
        line(in);
      }
      first = false;
      String size = line(in);
      rest = Long.parseLong(size, HEX);
      ended = rest == 0;
    }
  }
}
