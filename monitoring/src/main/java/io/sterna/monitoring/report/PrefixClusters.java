package io.sterna.monitoring.report;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.TreeMap;

/**
 * Addresses outside of the mobile prefixes, taken together so that their number is bounded: the
 * world has more of them than any table.
 *
 * <p>An address outside belongs to its block of the finest level (IPv4 /24, IPv6 /48) while that
 * level has room, else to its block of the next (/16 and /32, then /8 and /16, at last /0). Each
 * level has a quarter of the room of the one before. At the end of an interval a level that is full
 * gives up the lighter half of its blocks, so those that carry much are told apart in the long run
 * whoever came first.
 *
 * <p>Not thread-safe.
 */
public final class PrefixClusters {
  private static final int[] LENGTHS_V4 = {24, 16, 8};
  private static final int[] LENGTHS_V6 = {48, 32, 16};
  private static final int LEVELS = LENGTHS_V4.length;

  /** By length, so that their number does not matter: there are thousands of ranges. */
  private final Map<Integer, Set<IpPrefix>> mobileV4 = new TreeMap<>();

  private final Map<Integer, Set<IpPrefix>> mobileV6 = new TreeMap<>();
  private final int finestMax;
  private final List<Map<IpPrefix, Long>> bytesByBlock = new ArrayList<>();

  /**
   * Begins without any block.
   *
   * @param mobile the prefixes whose addresses are VMs
   * @param finestMax how many blocks of the finest level are told apart
   * @throws IllegalArgumentException if that is no number of blocks
   */
  public PrefixClusters(Collection<IpPrefix> mobile, int finestMax) {
    if (finestMax < 1) {
      throw new IllegalArgumentException("at most " + finestMax + " blocks");
    }
    for (IpPrefix each : mobile) {
      (each.address().isV4() ? mobileV4 : mobileV6)
          .computeIfAbsent(each.length(), length -> new HashSet<>())
          .add(each);
    }
    this.finestMax = finestMax;
    for (int level = 0; level < LEVELS; level++) {
      bytesByBlock.add(new HashMap<>());
    }
  }

  /** Whether the address is a VM's. */
  public boolean isMobile(IpAddress address) {
    for (Entry<Integer, Set<IpPrefix>> each : (address.isV4() ? mobileV4 : mobileV6).entrySet()) {
      if (each.getValue().contains(IpPrefix.around(address, each.getKey()))) {
        return true;
      }
    }
    return false;
  }

  /**
   * What an address is counted as: itself if it is a VM's, else its block.
   *
   * @param bytes that it sent or got, so that heavy blocks stay
   */
  public IpPrefix of(IpAddress address, long bytes) {
    if (isMobile(address)) {
      return IpPrefix.around(address, address.bitLength());
    }
    int[] lengths = address.isV4() ? LENGTHS_V4 : LENGTHS_V6;
    for (int level = 0; level < LEVELS; level++) {
      IpPrefix block = IpPrefix.around(address, lengths[level]);
      Map<IpPrefix, Long> known = bytesByBlock.get(level);
      if (known.size() < max(level) || known.containsKey(block)) {
        known.merge(block, bytes, Long::sum);
        return block;
      }
    }
    return IpPrefix.around(address, 0);
  }

  /** Makes room for others where there is none left. */
  public void endInterval() {
    for (int level = 0; level < LEVELS; level++) {
      Map<IpPrefix, Long> known = bytesByBlock.get(level);
      if (known.size() >= max(level)) {
        known.entrySet().stream()
            .sorted(
                Comparator.comparingLong((Entry<IpPrefix, Long> each) -> each.getValue())
                    .thenComparing(Entry::getKey))
            .limit((known.size() + 1) / 2)
            .map(Entry::getKey)
            .toList()
            .forEach(known::remove);
      }
      known.replaceAll((block, bytes) -> bytes / 2); // what was long ago counts little
    }
  }

  /** How many blocks are told apart now. */
  public int size() {
    return bytesByBlock.stream().mapToInt(Map::size).sum();
  }

  /** The most that {@link #size} can be. */
  public int sizeMax() {
    int sum = 0;
    for (int level = 0; level < LEVELS; level++) {
      sum += max(level);
    }
    return sum;
  }

  private int max(int level) {
    return Math.max(1, finestMax >> (2 * level));
  }
}
