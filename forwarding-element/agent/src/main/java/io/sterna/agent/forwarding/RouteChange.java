package io.sterna.agent.forwarding;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;

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

  /**
   * A VM announced itself here and its binding is being claimed: deliver to it what other elements
   * send here, whatever its route says. Ends with the next {@link Put} of the address. No effect if
   * the route leads to the bridge already.
   */
  record Stage(IpAddress address, MacAddress mac) implements RouteChange {}

  /** The claim failed: the route counts again. No error if nothing was staged. */
  record Unstage(IpAddress address) implements RouteChange {}
}
