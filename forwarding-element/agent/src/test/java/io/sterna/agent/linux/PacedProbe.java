package io.sterna.agent.linux;

import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Numbered UDP packets, one each millisecond, from one namespace to an address in another one. The
 * pace does not depend on answers.
 */
final class PacedProbe implements AutoCloseable {
  private static final long INTERVAL_NANOS = 1_000_000;
  private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

  /** Half a minute: no test sends more. */
  private static final int PACKETS_MAX = 30_000;

  private final DatagramChannel sender;
  private final DatagramChannel receiver;
  private final InetSocketAddress target;
  private final Thread sending = new Thread(this::send, "probe-send");
  private final Thread receiving = new Thread(this::receive, "probe-receive");
  private final BitSet received = new BitSet();
  private volatile boolean stopping;
  private final AtomicInteger sent = new AtomicInteger();
  private final long[] sentNanos = new long[PACKETS_MAX];
  private int duplicates;

  private PacedProbe(DatagramChannel sender, DatagramChannel receiver, InetSocketAddress target) {
    this.sender = sender;
    this.receiver = receiver;
    this.target = target;
  }

  static PacedProbe start(String fromNamespace, String toNamespace, IpAddress to, int port)
      throws IOException {
    InetSocketAddress target = new InetSocketAddress(to.toInetAddress(), port);
    DatagramChannel receiver = NetworkNamespace.named(toNamespace).call(DatagramChannel::open);
    receiver.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
    receiver.bind(target);
    DatagramChannel sender = NetworkNamespace.named(fromNamespace).call(DatagramChannel::open);
    PacedProbe probe = new PacedProbe(sender, receiver, target);
    probe.receiving.start();
    probe.sending.start();
    return probe;
  }

  /** How many went out so far. */
  int sent() {
    return sent.get();
  }

  /** How many arrived so far, each counted once. */
  int received() {
    synchronized (received) {
      return received.cardinality();
    }
  }

  /** How many of those sent between two moments did not arrive so far. */
  int lostBetween(long fromNanos, long toNanos) {
    int lost = 0;
    synchronized (received) {
      for (int number = 0; number < sent.get(); number++) {
        boolean within = sentNanos[number] >= fromNanos && sentNanos[number] <= toNanos;
        lost += within && !received.get(number) ? 1 : 0;
      }
    }
    return lost;
  }

  /** How many arrived again. */
  int duplicates() {
    synchronized (received) {
      return duplicates;
    }
  }

  /** No more packets are sent; those under way may still arrive. */
  void stopSending() throws InterruptedException {
    stopping = true;
    sending.join();
  }

  @Override
  public void close() throws IOException {
    stopping = true;
    sender.close();
    receiver.close();
  }

  private void send() {
    ByteBuffer packet = ByteBuffer.allocate(64);
    long due = System.nanoTime();
    while (!stopping) {
      packet.clear().putInt(0, sent.get());
      sentNanos[sent.get()] = System.nanoTime();
      try {
        sender.send(packet, target);
      } catch (IOException e) {
        // An ICMP error that an earlier packet caused; this one counts as sent and lost.
      }
      sent.incrementAndGet();
      // What a pause of this process made it miss is not sent in a burst afterwards.
      due = Math.max(due + INTERVAL_NANOS, System.nanoTime());
      LockSupport.parkNanos(due - System.nanoTime());
    }
  }

  private void receive() {
    ByteBuffer packet = ByteBuffer.allocate(2048);
    try {
      while (true) {
        packet.clear();
        receiver.receive(packet);
        record(packet.getInt(0));
      }
    } catch (ClosedChannelException e) {
      // The probe is over.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void record(int number) {
    synchronized (received) {
      if (received.get(number)) {
        duplicates++;
      }
      received.set(number);
    }
  }
}
