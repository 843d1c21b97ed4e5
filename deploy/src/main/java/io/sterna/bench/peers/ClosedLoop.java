package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import io.sterna.loadgen.measure.Latency;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Drives a standing peer from the calling thread: as fast as its slowest receiver follows, or at a
 * rate. The peer holds all addresses before anything counts. Used once.
 */
public final class ClosedLoop {
  private static final int CHUNK = 64;
  private static final long PAUSE_NANOS = 100_000;
  private static final long STALL_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final AddressPlan plan;
  private final StandingPeer peer;
  private final long window;
  private long sent;
  private long followed;
  private long followedNanos;

  /**
   * @param window changes on their way that the slowest receiver has not; less than a lap, so that
   *     nothing can be overtaken by a later change of the same address
   */
  public ClosedLoop(AddressPlan plan, StandingPeer peer, long window) {
    if (window >= plan.vms()) {
      throw new IllegalArgumentException("a window of " + window + " for " + plan.vms());
    }
    this.plan = plan;
    this.peer = peer;
    this.window = window;
  }

  /**
   * What the slowest receiver had.
   *
   * @param changesPerSecond changes
   * @param controlMicrosPerChange processor time of the peer's control part
   * @param seconds how long it was measured
   */
  public record Throughput(
      double changesPerSecond, double controlMicrosPerChange, double seconds) {}

  private record Mark(long nanos, long changes, double cpuSeconds) {}

  /**
   * Puts every address to its first place and waits until all receivers know.
   *
   * @throws LabException if one does not
   */
  public void fill() throws LabException {
    try {
      peer.source().fill();
    } catch (IOException e) {
      throw new LabException("cannot put the first table: " + e.getMessage(), e);
    }
    sent = plan.vms();
    drain();
  }

  /**
   * Sends as fast as all receivers follow, and waits until they have everything.
   *
   * @throws LabException if one stops following
   */
  public Throughput run(Duration warmUp, Duration duration) throws LabException {
    sendFor(warmUp);
    Mark begin = mark();
    sendFor(duration);
    Mark end = mark();
    drain();
    long changes = end.changes() - begin.changes();
    double seconds = (double) (end.nanos() - begin.nanos()) / NANOS_PER_SECOND;
    double micros = (end.cpuSeconds() - begin.cpuSeconds()) * TimeUnit.SECONDS.toMicros(1);
    return new Throughput(changes / seconds, micros / changes, seconds);
  }

  /**
   * Sends at a rate whatever the receivers do.
   *
   * @return from due to heard by the last receiver, of at most as many changes as there are
   *     addresses
   * @throws LabException if a receiver does not hear all
   */
  public Latency runAt(int changesPerSecond, Duration duration) throws LabException {
    int count = (int) Math.min(plan.vms(), duration.toSeconds() * changesPerSecond);
    long first = sent;
    long startNanos = System.nanoTime();
    long[] dueNanos = new long[count];
    for (int i = 0; i < count; i++) {
      dueNanos[i] = startNanos + NANOS_PER_SECOND * i / changesPerSecond;
      for (long left = 1; left > 0; ) {
        left = dueNanos[i] - System.nanoTime();
        pause(left);
      }
      send(1);
    }
    drain();
    Latency latency = new Latency();
    for (int i = 0; i < count; i++) {
      int index = plan.index(first + i);
      long last = Long.MIN_VALUE;
      for (Tally tally : peer.tallies()) {
        last = Math.max(last, tally.heardNanos(index) - dueNanos[i]);
      }
      latency.record(last);
    }
    return latency;
  }

  private void sendFor(Duration duration) throws LabException {
    long startNanos = System.nanoTime();
    followedNanos = startNanos;
    for (long now = startNanos; now - startNanos < duration.toNanos(); now = System.nanoTime()) {
      checkFollows(now);
      sendWithin(followed + window);
    }
  }

  private Mark mark() throws LabException {
    long now = System.nanoTime();
    checkFollows(now);
    return new Mark(now, followed, peer.controlCpuSeconds());
  }

  private void sendWithin(long limit) throws LabException {
    long room = limit - sent;
    if (room > 0) {
      send(Math.min(room, CHUNK));
    } else {
      pause(PAUSE_NANOS);
    }
  }

  private void send(long count) throws LabException {
    try {
      peer.source().send(sent, sent + count);
      sent += count;
    } catch (IOException e) {
      peer.check();
      throw new LabException("cannot put a change: " + e.getMessage(), e);
    }
  }

  private void checkFollows(long now) throws LabException {
    peer.check();
    long least = peer.tallies().stream().mapToLong(Tally::changes).min().orElse(0);
    if (least != followed) {
      followed = least;
      followedNanos = now;
    } else if (now - followedNanos > STALL_NANOS && followed < sent) {
      throw new LabException(
          "for %d s no receiver's table changed: the slowest has %d changes of %d"
              .formatted(TimeUnit.NANOSECONDS.toSeconds(STALL_NANOS), followed, sent));
    }
  }

  private void drain() throws LabException {
    followedNanos = System.nanoTime();
    while (!peer.tallies().stream().allMatch(tally -> tally.hasAllBefore(sent))) {
      checkFollows(System.nanoTime());
      pause(PAUSE_NANOS);
    }
    checkFollows(System.nanoTime());
  }

  private static void pause(long nanos) throws LabException {
    LockSupport.parkNanos(nanos);
    if (Thread.currentThread().isInterrupted()) {
      throw new LabException("interrupted");
    }
  }
}
