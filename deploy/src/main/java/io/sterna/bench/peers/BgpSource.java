package io.sterna.bench.peers;

import io.sterna.bench.peers.bgp.BgpMessages;
import io.sterna.bench.peers.bgp.BgpSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Announces addresses to a route reflector: a change is an UPDATE of its own. */
final class BgpSource implements Source {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int UPDATE_BYTES_MAX = 4096;

  private final AddressPlan plan;
  private final BgpSession session;
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

  BgpSource(AddressPlan plan, BgpSession session) {
    this.plan = plan;
    this.session = session;
  }

  @Override
  public void fill() throws IOException {
    for (int location = 0; location < plan.locations(); location++) {
      int[] hosts = plan.hostsAtFirst(location);
      for (int from = 0; from < hosts.length; from += BgpMessages.HOSTS_MAX) {
        int to = Math.min(hosts.length, from + BgpMessages.HOSTS_MAX);
        update(location, Arrays.copyOfRange(hosts, from, to));
      }
    }
    flush();
  }

  @Override
  public void send(long from, long to) throws IOException {
    for (long change = from; change < to; change++) {
      update(plan.location(change), plan.host(plan.index(change)));
    }
    flush();
  }

  private void update(int location, int... hosts) throws IOException {
    if (out.remaining() < UPDATE_BYTES_MAX) {
      flush();
    }
    BgpMessages.update(out, plan.nextHop(location), hosts);
  }

  private void flush() throws IOException {
    session.send(out.flip());
    out.clear();
  }
}
