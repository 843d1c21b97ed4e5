package io.sterna.agent.link;

import io.sterna.protocol.IpAddress;
import java.util.function.Predicate;

/**
 * Whether the VM of an address is attached elsewhere now: as the controllers say, or as the routes
 * of an earlier run say while the controllers have said nothing. Nothing is remote before the agent
 * runs. Thread-safe.
 */
public final class RemoteAddresses implements Predicate<IpAddress> {
  private volatile Predicate<IpAddress> known = address -> false;

  void bind(Predicate<IpAddress> isRemote) {
    known = isRemote;
  }

  @Override
  public boolean test(IpAddress address) {
    return known.test(address);
  }
}
