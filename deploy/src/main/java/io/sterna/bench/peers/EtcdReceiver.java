package io.sterna.bench.peers;

import io.sterna.bench.peers.etcd.EtcdClient;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Hears from a watch where addresses are. Pure, but for what it tells. */
final class EtcdReceiver implements EtcdClient.Changes {
  private static final int KEY_START = EtcdSource.PREFIX.length();

  /** Told of each change. */
  interface Routes {
    /** An address is at this next hop; both are the bits of IPv4 addresses. */
    void heard(int host, int nextHop, long nanos) throws IOException;

    /** Nothing more was in the same answer. */
    void complete() throws IOException;
  }

  private final Routes routes;
  private final FirstFailure failure;

  EtcdReceiver(Routes routes, FirstFailure failure) {
    this.routes = routes;
    this.failure = failure;
  }

  @Override
  public void changed(ByteBuffer key, ByteBuffer value, long nanos) {
    try {
      routes.heard(bits(key, KEY_START), bits(value, 0), nanos);
    } catch (IOException e) {
      failure.report("a receiver cannot write its table: " + e.getMessage());
    }
  }

  @Override
  public void complete() throws IOException {
    routes.complete();
  }

  /** The bits of an address that is text from a position on. */
  static int bits(ByteBuffer text, int from) {
    int bits = 0;
    int number = 0;
    for (int at = from; at < text.limit(); at++) {
      byte next = text.get(at);
      if (next == '.') {
        bits = bits << 8 | number;
        number = 0;
      } else {
        number = number * 10 + next - '0';
      }
    }
    return bits << 8 | number;
  }
}
