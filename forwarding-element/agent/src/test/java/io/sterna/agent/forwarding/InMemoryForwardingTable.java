package io.sterna.agent.forwarding;

import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A forwarding table that keeps routes in memory and fails when it is told to. Thread-safe. */
public final class InMemoryForwardingTable implements ForwardingTable {
  private final Map<IpAddress, NextHop> routes = new HashMap<>();
  private final Set<IpAddress> refused = new HashSet<>();
  private final List<RouteChange> writes = new ArrayList<>();
  private final List<IpAddress> released = new ArrayList<>();
  private int failingReleases;
  private int failingDumps;
  private int failingWrites;
  private boolean stuck;
  private boolean broken;

  /** A route of an earlier run. */
  public synchronized InMemoryForwardingTable with(Route route) {
    routes.put(route.address(), route.nextHop());
    return this;
  }

  /** The next dumps fail. */
  public synchronized void failNextDumps(int count) {
    failingDumps = count;
  }

  /** The next batches fail as a whole, after their first half was installed. */
  public synchronized void failNextWrites(int count) {
    failingWrites = count;
  }

  /** Refuses changes of an address until told otherwise. */
  public synchronized void refuse(IpAddress address, boolean refuse) {
    if (refuse) {
      refused.add(address);
    } else {
      refused.remove(address);
    }
  }

  /** Batches wait until told otherwise. */
  public synchronized void stick(boolean stick) {
    stuck = stick;
    notifyAll();
  }

  /** Each batch ends whoever writes it. */
  public synchronized void broken() {
    broken = true;
  }

  /** What stands now. */
  public synchronized Map<IpAddress, NextHop> routes() {
    return Map.copyOf(routes);
  }

  /** Every change that was installed, in order. */
  public synchronized List<RouteChange> writes() {
    return List.copyOf(writes);
  }

  @Override
  public synchronized List<Route> dump() throws IOException {
    if (failingDumps > 0) {
      failingDumps--;
      throw new IOException("dump fails as told");
    }
    return routes.entrySet().stream().map(e -> new Route(e.getKey(), e.getValue())).toList();
  }

  @Override
  public synchronized Outcome apply(List<RouteChange> changes) throws IOException {
    if (changes.size() > MAX_BATCH
        || changes.stream().map(RouteChange::address).distinct().count() != changes.size()) {
      throw new IllegalArgumentException("not a batch: " + changes);
    }
    if (broken) {
      throw new LinkageError("breaks as told");
    }
    while (stuck) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
    if (failingWrites > 0) {
      failingWrites--;
      changes.subList(0, changes.size() / 2).forEach(this::install);
      throw new IOException("write fails as told");
    }
    List<Outcome.Failure> failures = new ArrayList<>();
    for (RouteChange change : changes) {
      if (refused.contains(change.address())) {
        failures.add(new Outcome.Failure(change.address(), "refused as told"));
      } else {
        install(change);
      }
    }
    return new Outcome(failures);
  }

  @Override
  public synchronized void release(List<IpAddress> departed) throws IOException {
    if (failingReleases > 0) {
      failingReleases--;
      throw new IOException("release fails as told");
    }
    released.addAll(departed);
  }

  /** The next releases fail. */
  public synchronized void failNextReleases(int count) {
    failingReleases = count;
  }

  /** Every address that was released, in order. */
  public synchronized List<IpAddress> released() {
    return List.copyOf(released);
  }

  private void install(RouteChange change) {
    writes.add(change);
    if (change instanceof RouteChange.Put put) {
      routes.put(put.address(), put.route().nextHop());
    } else if (change instanceof RouteChange.Remove) {
      routes.remove(change.address());
    }
  }

  @Override
  public void close() {}
}
