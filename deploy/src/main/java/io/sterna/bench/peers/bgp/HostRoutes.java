package io.sterna.bench.peers.bgp;

/** Hears which host routes a speaker announces. Addresses are the bits of IPv4 addresses. */
@FunctionalInterface
public interface HostRoutes {
  /**
   * A host is reached through this next hop.
   *
   * @param nanos when its message was read, by {@link System#nanoTime()}
   */
  void announced(int host, int nextHop, long nanos);
}
