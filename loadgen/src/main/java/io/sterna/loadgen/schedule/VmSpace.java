package io.sterna.loadgen.schedule;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;

/**
 * The VMs by number, 0 to {@code size - 1}, in the order of their addresses, which are spread
 * evenly over a prefix. Everything about them is computed, so a million of them cost nothing.
 */
public final class VmSpace implements Vms {
  private static final int HOST_BITS_MAX = 62;
  private static final long LOCALLY_ADMINISTERED = 0x02L << 40;

  private final IpAddress base;
  private final int size;
  private final long stride;
  private final long first;

  /**
   * @throws IllegalArgumentException if the prefix has fewer addresses
   */
  public VmSpace(IpPrefix prefix, int size) {
    this.base = prefix.address();
    this.size = size;
    this.stride = (1L << hostBits(prefix)) / size;
    // Not the first address of the prefix where there is a choice: people take it for a network.
    this.first = stride > 1 ? 1 : 0;
    if (stride == 0) {
      throw new IllegalArgumentException(prefix + " has no room for " + size + " VMs");
    }
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public IpAddress address(int vm) {
    return new IpAddress(base.high(), base.low() + first + vm * stride);
  }

  /** The hardware address of a VM. */
  public MacAddress mac(int vm) {
    return new MacAddress(LOCALLY_ADMINISTERED | vm);
  }

  @Override
  public int vmOf(IpAddress address) {
    long offset = address.low() - base.low() - first;
    if (address.high() != base.high() || offset < 0 || offset % stride != 0) {
      return -1;
    }
    long vm = offset / stride;
    return vm < size ? (int) vm : -1;
  }

  @Override
  public int from(IpPrefix prefix) {
    return ceiling(prefix.address(), 0);
  }

  @Override
  public int until(IpPrefix prefix) {
    return ceiling(prefix.address(), 1L << hostBits(prefix));
  }

  private int ceiling(IpAddress address, long more) {
    if (address.high() != base.high()) {
      return address.compareTo(base) < 0 ? 0 : size;
    }
    long offset = address.low() + more - base.low() - first;
    return (int) Math.min(size, Math.max(0, Math.floorDiv(offset + stride - 1, stride)));
  }

  private static int hostBits(IpPrefix prefix) {
    return Math.min(HOST_BITS_MAX, prefix.address().bitLength() - prefix.length());
  }
}
