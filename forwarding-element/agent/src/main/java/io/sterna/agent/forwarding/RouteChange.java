package io.sterna.agent.forwarding;

import io.sterna.protocol.IpAddress;

/** One change to the installed table. */
public sealed interface RouteChange {
  /** The address that changes. */
  IpAddress address();

  /** Install this route, replacing what stands for the address. */
  record Put(Route route) implements RouteChange {
    @Override
    public IpAddress address() {
      return route.address();
    }
  }

  /** Remove the route of this address; no error if there is none. */
  record Remove(IpAddress address) implements RouteChange {}
}
