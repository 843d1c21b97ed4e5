package io.sterna.agent.forwarding;

import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.List;

/**
 * The installed table: host routes that carry Sterna's mark. It never touches a route without it.
 *
 * <p>Not thread-safe: one writer calls it.
 */
public interface ForwardingTable extends AutoCloseable {
  /** The routes that stand now and carry the mark, whoever installed them, in no order. */
  List<Route> dump() throws IOException;

  /**
   * Makes the changes in order and waits until the table has taken them.
   *
   * @param changes at most {@link #MAX_BATCH}, at most one an address
   * @throws IOException if the table cannot be reached at all: nothing is known about the batch
   */
  Outcome apply(List<RouteChange> changes) throws IOException;

  /**
   * Sends packets that waited for departed VMs after them. Apart from {@link #apply}, because it
   * takes as long as the packets take, and other routes must not wait for that.
   *
   * @param departed addresses whose route led to the bridge and leads into a tunnel now
   * @throws IOException if the table cannot be reached: to be said again
   */
  void release(List<IpAddress> departed) throws IOException;

  /** The most changes of one call. */
  int MAX_BATCH = 1000;

  @Override
  void close() throws IOException;
}
