package io.sterna.cli;

import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Knows which VMs are attached elsewhere, as the installed table says, without asking the kernel:
 * for the neighbourhood, which speaks for these VMs and must not wait.
 *
 * <p>The set follows the table: an address enters it before its tunnel route is written and leaves
 * it before its local route is, so that nobody speaks for a VM that is about to be here.
 */
final class RemoteAddresses implements Predicate<IpAddress> {
  private final Set<IpAddress> remote = ConcurrentHashMap.newKeySet();

  @Override
  public boolean test(IpAddress address) {
    return remote.contains(address);
  }

  /**
   * The same table, watched.
   *
   * @throws IOException if what stands in it, from an earlier agent, cannot be read
   */
  ForwardingTable watch(ForwardingTable table) throws IOException {
    table.dump().forEach(this::note);
    return new Watched(table);
  }

  private void note(Route route) {
    if (route.nextHop() instanceof NextHop.Tunnel) {
      remote.add(route.address());
    } else {
      remote.remove(route.address());
    }
  }

  private void note(RouteChange change) {
    if (change instanceof RouteChange.Put put) {
      note(put.route());
    } else {
      remote.remove(change.address());
    }
  }

  private final class Watched implements ForwardingTable {
    private final ForwardingTable table;

    Watched(ForwardingTable table) {
      this.table = table;
    }

    @Override
    public List<Route> dump() throws IOException {
      return table.dump();
    }

    @Override
    public Outcome apply(List<RouteChange> changes) throws IOException {
      Set<IpAddress> before = new HashSet<>();
      for (RouteChange change : changes) {
        if (remote.contains(change.address())) {
          before.add(change.address());
        }
        note(change);
      }
      Outcome outcome = table.apply(changes);
      for (Outcome.Failure failure : outcome.failures()) {
        if (before.contains(failure.address())) {
          remote.add(failure.address());
        } else {
          remote.remove(failure.address());
        }
      }
      return outcome;
    }

    @Override
    public void close() throws IOException {
      table.close();
    }
  }
}
