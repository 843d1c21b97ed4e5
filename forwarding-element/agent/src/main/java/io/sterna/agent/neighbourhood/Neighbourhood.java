package io.sterna.agent.neighbourhood;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.util.function.Consumer;

/** The VMs on this element's bridge. Thread-safe. */
public interface Neighbourhood extends AutoCloseable {
  /**
   * Starts to listen.
   *
   * @param listener called on the neighbourhood's own thread for each announcement; never blocks
   */
  void listen(Consumer<Announcement> listener) throws IOException;

  /**
   * Asks one VM by unicast ARP request or neighbour solicitation whether it is there. An answer
   * arrives at the listener, as an ARP reply or a neighbour advertisement.
   */
  void probe(IpAddress address, MacAddress mac) throws IOException;

  /**
   * Tells everybody on the bridge by gratuitous ARP or unsolicited neighbour advertisement that
   * this address is reached through the gateway's hardware address now: its VM moved away.
   */
  void redirect(IpAddress address) throws IOException;

  @Override
  void close() throws IOException;
}
