package io.sterna.bench;

import io.sterna.lab.kernel.RouteMonitor;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.protocol.IpAddress;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** When the routes of some VMs were first heard of. Thread-safe. */
final class InstallLog implements RouteMonitor.Listener {
  private final VmSpace vms;
  private final AtomicLongArray firstNanos;

  /** Nothing has been heard yet. */
  InstallLog(VmSpace vms) {
    this.vms = vms;
    this.firstNanos = new AtomicLongArray(vms.size());
  }

  @Override
  public void installed(IpAddress address, long nanos) {
    int vm = vms.vmOf(address);
    if (vm >= 0) {
      firstNanos.compareAndSet(vm, 0, nanos);
    }
  }

  /** When the first route of a VM was heard; 0 if none was. */
  long nanos(int vm) {
    return firstNanos.get(vm);
  }

  /** How many of these VMs nothing was heard of. */
  long missing(int[] some) {
    return IntStream.of(some).filter(vm -> nanos(vm) == 0).count();
  }

  /** When the first of these VMs was heard of; all of them were. */
  long earliest(int[] some) {
    return IntStream.of(some).mapToLong(this::nanos).min().orElseThrow();
  }

  /** When the last of these VMs was heard of; all of them were. */
  long latest(int[] some) {
    return IntStream.of(some).mapToLong(this::nanos).max().orElseThrow();
  }
}
