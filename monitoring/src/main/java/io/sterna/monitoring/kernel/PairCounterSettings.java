package io.sterna.monitoring.kernel;

import java.util.Set;

/**
 * What is counted.
 *
 * @param bridge the bridge's name
 * @param uplinks ports of the bridge that lead to other hosts
 * @param ignored ports that get packets a second time, such as the forwarding element's own
 * @param pairsMax how many pairs of each family are told apart in one interval; the packets of
 *     further ones are counted together
 */
public record PairCounterSettings(
    String bridge, Set<String> uplinks, Set<String> ignored, int pairsMax) {
  /** Takes 10 MB of kernel memory per 100,000 pairs in use, and 8 bytes for each possible one. */
  public static final int DEFAULT_PAIRS_MAX = 262_144;

  /**
   * @throws IllegalArgumentException unless some pair may be counted
   */
  public PairCounterSettings {
    if (pairsMax < 1) {
      throw new IllegalArgumentException("at most " + pairsMax + " pairs");
    }
    uplinks = Set.copyOf(uplinks);
    ignored = Set.copyOf(ignored);
  }
}
