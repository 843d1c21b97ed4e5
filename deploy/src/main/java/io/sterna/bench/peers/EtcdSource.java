package io.sterna.bench.peers;

import io.sterna.bench.peers.etcd.EtcdClient;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** Writes addresses into etcd: the key is the address, the value its next hop. */
final class EtcdSource implements Source {
  /** What all keys begin with. */
  static final String PREFIX = "bindings/";

  private final AddressPlan plan;
  private final EtcdClient client;
  private final FirstFailure failure;
  private final Semaphore room = new Semaphore(EtcdPeer.OUTSTANDING);

  EtcdSource(AddressPlan plan, EtcdClient client, FirstFailure failure) {
    this.plan = plan;
    this.client = client;
    this.failure = failure;
  }

  @Override
  public void fill() throws IOException {
    Map<String, String> some = new LinkedHashMap<>();
    for (int i = 0; i < plan.vms(); i++) {
      some.put(key(i), value(i));
      if (some.size() == EtcdPeer.FILL_KEYS || i == plan.vms() - 1) {
        acquire();
        client.putAll(some, this::ended);
        some.clear();
      }
    }
    client.flush();
  }

  @Override
  public void send(long from, long to) throws IOException {
    for (long change = from; change < to; change++) {
      acquire();
      client.put(key(change), value(change), this::ended);
    }
    client.flush();
  }

  private void acquire() throws IOException {
    if (room.tryAcquire()) {
      return;
    }
    client.flush();
    try {
      room.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while etcd answers", e);
    }
  }

  private void ended(boolean succeeded) {
    if (!succeeded) {
      failure.report("etcd refused a write");
    }
    room.release();
  }

  private String key(long change) {
    return PREFIX + AddressPlan.text(plan.host(plan.index(change)));
  }

  private String value(long change) {
    return AddressPlan.text(plan.nextHop(plan.location(change)));
  }
}
