package io.sterna.loadgen.schedule;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;

/** VMs by number, 0 to {@code size - 1}, in the order of their addresses. */
public interface Vms {
  /** The number of VMs. */
  int size();

  /** The address of a VM. */
  IpAddress address(int vm);

  /** The VM of an address, or -1. */
  int vmOf(IpAddress address);

  /** The first VM that does not lie below a prefix's first address. */
  int from(IpPrefix prefix);

  /** The first VM that lies above a prefix's last address. */
  int until(IpPrefix prefix);
}
