package io.sterna.lab.emulated;

import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.protocol.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** A forwarding table in memory. One thread writes, others look up. */
final class EmulatedTable implements ForwardingTable {
  private final Map<IpAddress, NextHop> routes = new ConcurrentHashMap<>();
  private final Map<IpAddress, NextHop> staged = new ConcurrentHashMap<>();
  private final Consumer<IpAddress> installed;

  /** Empty; tells the observer each address that was put, after it was. */
  EmulatedTable(Consumer<IpAddress> installed) {
    this.installed = installed;
  }

  Optional<NextHop> nextHop(IpAddress address) {
    return Optional.ofNullable(routes.get(address));
  }

  /** Where a packet goes that another element sent here. */
  Optional<NextHop> nextHopFromTunnel(IpAddress address) {
    return Optional.ofNullable(staged.get(address)).or(() -> nextHop(address));
  }

  @Override
  public List<Route> dump() {
    return routes.entrySet().stream()
        .map(each -> new Route(each.getKey(), each.getValue()))
        .toList();
  }

  @Override
  public Outcome apply(List<RouteChange> changes) {
    for (RouteChange change : changes) {
      if (change instanceof RouteChange.Put put) {
        routes.put(put.address(), put.route().nextHop());
        staged.remove(put.address());
        installed.accept(put.address());
      } else if (change instanceof RouteChange.Stage stage) {
        staged.put(stage.address(), new NextHop.Local(stage.mac()));
      } else {
        staged.remove(change.address());
        if (change instanceof RouteChange.Remove) {
          routes.remove(change.address());
        }
      }
    }
    return Outcome.COMPLETE;
  }

  /** Nothing waits here: a packet to a VM under way is lost. */
  @Override
  public void release(List<IpAddress> departed) {}

  /** Leaves every route in place, as a kernel does when its agent ends. */
  @Override
  public void close() {}
}
