package io.sterna.agent.announcement;

/** Which addresses a VM can be known by. Everything else is somebody's mistake, or an attack. */
final class AddressRules {
  private static final long GROUP_BIT = 1L << 40;

  private AddressRules() {}

  /** A hardware address that one card has: neither zero nor a group. */
  static boolean isOneCard(long macBits) {
    return macBits != 0 && (macBits & GROUP_BIT) == 0;
  }

  /**
   * Whether an IPv4 address can be a VM's: not 0.0.0.0/8 (also the sender of ARP probes), not
   * loopback, not link-local 169.254.0.0/16, neither multicast nor reserved (224.0.0.0 and above).
   */
  static boolean isVmAddress(int v4Bits) {
    int first = v4Bits >>> 24;
    return first != 0 && first != 127 && first < 224 && v4Bits >>> 16 != 0xa9fe;
  }

  /**
   * Whether an IPv6 address can be a VM's: not multicast, not link-local (every link has its own),
   * and nothing in ::/80, where the unspecified address, loopback and the IPv4-mapped addresses
   * are. A mapped one would be taken for IPv4: a way around the checks of ARP.
   */
  static boolean isVmAddress(long high, long low) {
    boolean multicast = high >>> 56 == 0xff;
    boolean linkLocal = high >>> 54 == 0xfe80 >>> 6;
    boolean special = high == 0 && low >>> 48 == 0;
    return !multicast && !linkLocal && !special;
  }
}
