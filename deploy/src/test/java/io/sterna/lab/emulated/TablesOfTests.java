package io.sterna.lab.emulated;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.lab.topology.Site;
import io.sterna.protocol.IpAddress;
import java.util.Optional;

/** Lets tests elsewhere look into the forwarding tables of emulated sites. */
public final class TablesOfTests {
  private TablesOfTests() {}

  /** Where the element of a site sends packets to this address now. */
  public static Optional<NextHop> nextHop(EmulatedNetwork network, Site site, IpAddress address) {
    return network.sites().element(site).table().nextHop(address);
  }
}
