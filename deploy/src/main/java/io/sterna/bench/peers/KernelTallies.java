package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import io.sterna.lab.kernel.NextHopMonitor;
import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Watches kernel tables of namespaces from outside of whatever writes them: a sample of the
 * addresses, so that watching takes next to nothing from what is watched.
 */
public final class KernelTallies implements AutoCloseable {
  private final FirstFailure failure = new FirstFailure();
  private final List<Tally> tallies = new ArrayList<>();
  private final List<NextHopMonitor> monitors = new ArrayList<>();

  private KernelTallies() {}

  /**
   * Watches the tables of so many namespaces.
   *
   * @param namespaces by their number, from 0
   */
  public static KernelTallies open(
      IntFunction<NetworkNamespace> namespaces, AddressPlan plan, int count) throws LabException {
    KernelTallies all = new KernelTallies();
    try {
      for (int i = 0; i < count; i++) {
        Tally tally = new Tally(plan, NextHopMonitor.STEP);
        all.tallies.add(tally);
        all.monitors.add(
            NextHopMonitor.open(namespaces.apply(i), tally::heard, all.failure::report));
      }
      return all;
    } catch (IOException e) {
      all.close();
      throw new LabException("cannot watch a kernel table: " + e.getMessage(), e);
    }
  }

  /** What each table holds. */
  public List<Tally> tallies() {
    return tallies;
  }

  /**
   * @throws LabException if a table is not watched any more
   */
  public void check() throws LabException {
    failure.check();
  }

  @Override
  public void close() {
    monitors.forEach(NextHopMonitor::close);
  }
}
