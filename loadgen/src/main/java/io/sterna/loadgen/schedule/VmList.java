package io.sterna.loadgen.schedule;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.util.Arrays;
import java.util.Collection;

/** VMs whose addresses follow no rule: those that a record names. */
public final class VmList implements Vms {
  private final IpAddress[] addresses;

  /** In any order. */
  public VmList(Collection<IpAddress> addresses) {
    this.addresses = addresses.stream().distinct().sorted().toArray(IpAddress[]::new);
  }

  @Override
  public int size() {
    return addresses.length;
  }

  @Override
  public IpAddress address(int vm) {
    return addresses[vm];
  }

  @Override
  public int vmOf(IpAddress address) {
    int at = Arrays.binarySearch(addresses, address);
    return at < 0 ? -1 : at;
  }

  @Override
  public int from(IpPrefix prefix) {
    int at = Arrays.binarySearch(addresses, prefix.address());
    return at < 0 ? -at - 1 : at;
  }

  @Override
  public int until(IpPrefix prefix) {
    int low = from(prefix);
    int high = addresses.length;
    // The addresses of a prefix stand together.
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (prefix.contains(addresses[middle])) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
