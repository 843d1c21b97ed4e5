package io.sterna.bench.peers.etcd;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client of one etcd server, with a connection of its own. One thread writes, another one calls
 * {@link #receive}.
 */
public final class EtcdClient implements AutoCloseable {
  private final GrpcConnection connection;
  private final CountDownLatch watching = new CountDownLatch(1);

  private EtcdClient(GrpcConnection connection) {
    this.connection = connection;
  }

  /** Connects from a namespace. */
  public static EtcdClient connect(NetworkNamespace namespace, InetSocketAddress server)
      throws IOException {
    return new EtcdClient(GrpcConnection.open(namespace, server));
  }

  /** Told whether a write succeeded: it is on etcd's disk then. */
  @FunctionalInterface
  public interface Outcome {
    /** Called once for each write, on the receiving thread. */
    void ended(boolean succeeded);
  }

  /** Hears of changes of keys; called on the receiving thread. */
  public interface Changes {
    /** A key has a new value; both are views of ASCII text. */
    void changed(ByteBuffer key, ByteBuffer value, long nanos);

    /** Nothing more was in the answer that held the last of them. */
    void complete() throws IOException;
  }

  /** Writes one key; it is on its way after {@link #flush}. */
  public void put(String key, String value, Outcome outcome) throws IOException {
    connection.call(EtcdMessages.PUT, EtcdMessages.put(key, value), true, lastOf(outcome));
  }

  /** Writes many keys in one transaction; it is on its way after {@link #flush}. */
  public void putAll(Map<String, String> values, Outcome outcome) throws IOException {
    connection.call(EtcdMessages.TXN, EtcdMessages.putAll(values), true, lastOf(outcome));
  }

  private static GrpcConnection.Answers lastOf(Outcome outcome) {
    return new GrpcConnection.Answers() {
      @Override
      public void message(ByteBuffer message, long nanos) {}

      @Override
      public void end(boolean succeeded) {
        outcome.ended(succeeded);
      }
    };
  }

  /** Sends what was written. */
  public void flush() throws IOException {
    connection.flush();
  }

  /** Watches the keys that begin so, from now on. */
  public void watch(String prefix, Changes changes) throws IOException {
    connection.call(EtcdMessages.WATCH, EtcdMessages.watch(prefix), false, new Watch(changes));
    connection.flush();
  }

  private final class Watch implements GrpcConnection.Answers {
    private final Changes changes;

    Watch(Changes changes) {
      this.changes = changes;
    }

    @Override
    public void message(ByteBuffer message, long nanos) throws IOException {
      EtcdMessages.readWatch(
          message,
          new EtcdMessages.WatchHandler() {
            @Override
            public void created() {
              watching.countDown();
            }

            @Override
            public void put(ByteBuffer key, ByteBuffer value) {
              changes.changed(key, value, nanos);
            }
          });
      changes.complete();
    }

    @Override
    public void end(boolean succeeded) {
      // The connection ends as well, and says so to whoever receives.
    }
  }

  /**
   * Waits until etcd has said that the watch stands.
   *
   * @throws IOException if it has not when the bound has passed
   */
  public void awaitWatch(Duration bound) throws IOException {
    try {
      if (!watching.await(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("etcd begins no watch within " + bound.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while etcd begins a watch", e);
    }
  }

  /**
   * Receives until the connection ends.
   *
   * @throws IOException when it ends
   */
  public void receive() throws IOException {
    connection.receive();
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
