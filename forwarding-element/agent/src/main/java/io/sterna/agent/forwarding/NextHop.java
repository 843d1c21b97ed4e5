package io.sterna.agent.forwarding;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;

/** Where packets to a VM go from here. */
public sealed interface NextHop {
  /** The VM is attached to this element's bridge and has this hardware address. */
  record Local(MacAddress mac) implements NextHop {}

  /** The VM is attached elsewhere: through a tunnel to that element's underlay address. */
  record Tunnel(IpAddress endpoint) implements NextHop {}
}
