package io.sterna.lab.probe;

import io.sterna.lab.LabException;
import io.sterna.lab.topology.LabPlan;
import io.sterna.lab.topology.Vm;
import io.sterna.linux.NetworkNamespace;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One TCP connection between two VMs, over which one sends to the other at a steady rate. */
public final class PacedStream implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double BITS_PER_BYTE = 8;
  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int READ_BYTES = 64 << 10;

  private final Socket sender;
  private final Socket receiver;
  private final byte[] block;
  private final AtomicLong received = new AtomicLong();
  private volatile @Nullable String broken;
  private volatile boolean closed;

  private PacedStream(Socket sender, Socket receiver, int blockBytes) {
    this.sender = sender;
    this.receiver = receiver;
    this.block = new byte[blockBytes];
  }

  /**
   * Connects two VMs and begins to send.
   *
   * @param megabitsPerSecond of payload
   * @throws LabException if they cannot be connected
   */
  public static PacedStream open(LabPlan plan, Vm from, Vm to, double megabitsPerSecond)
      throws LabException {
    InetAddress address = to.address4().toInetAddress();
    double bytesPerSecond = megabitsPerSecond * 1e6 / BITS_PER_BYTE;
    int blockBytes = (int) (bytesPerSecond * PERIOD_NANOS / NANOS_PER_SECOND);
    try (ServerSocket server =
        NetworkNamespace.named(plan.namespace(to)).call(() -> new ServerSocket(0, 1, address))) {
      InetSocketAddress at = new InetSocketAddress(address, server.getLocalPort());
      server.setSoTimeout(CONNECT_TIMEOUT_MS);
      Socket sender = NetworkNamespace.named(plan.namespace(from)).call(() -> connected(at));
      PacedStream stream = new PacedStream(sender, server.accept(), blockBytes);
      String name = from.name() + "-" + to.name();
      thread("send-" + name, stream::send);
      thread("receive-" + name, stream::receive);
      return stream;
    } catch (IOException e) {
      throw new LabException(
          from.name() + " cannot connect to " + to.name() + ": " + FileReason.why(e), e);
    }
  }

  private static Socket connected(InetSocketAddress at) throws IOException {
    Socket socket = new Socket();
    socket.connect(at, CONNECT_TIMEOUT_MS);
    return socket;
  }

  private static void thread(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void send() {
    long due = System.nanoTime();
    try {
      OutputStream out = sender.getOutputStream();
      while (!closed) {
        out.write(block);
        due += PERIOD_NANOS;
        long wait = due - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(wait);
        } else {
          // What the network held up is not made good for: the rate is steady.
          due = System.nanoTime();
        }
      }
    } catch (IOException e) {
      ended(e);
    }
  }

  private void receive() {
    byte[] bytes = new byte[READ_BYTES];
    try {
      InputStream in = receiver.getInputStream();
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        received.addAndGet(count);
      }
    } catch (IOException e) {
      ended(e);
    }
  }

  private void ended(IOException failure) {
    if (!closed && broken == null) {
      broken = String.valueOf(failure.getMessage());
    }
  }

  /** How many bytes have arrived. */
  public long receivedBytes() {
    return received.get();
  }

  /** Why the connection has ended by itself, if it has. */
  public Optional<String> broken() {
    return Optional.ofNullable(broken);
  }

  @Override
  public void close() {
    closed = true;
    try {
      sender.close();
      receiver.close();
    } catch (IOException e) {
      // It is over either way.
    }
  }
}
