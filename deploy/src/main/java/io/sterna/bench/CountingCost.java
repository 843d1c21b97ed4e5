package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.kernel.FrameFlood;
import io.sterna.monitoring.kernel.PairCounterSettings;
import io.sterna.monitoring.kernel.PairCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One core sends over a bridge as fast as it can, in short turns with and without counting; each
 * turn is compared with its neighbours, so what else the machine does weighs little.
 *
 * @param how who counts
 * @param pairs how many pairs take turns, packet by packet
 */
record CountingCost(How how, int pairs) implements Experiment<Reading> {
  private static final int ROUNDS = 60;
  private static final long TURN_NANOS = 100_000_000;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Who counts. */
  enum How {
    /** What Sterna uses. */
    BPF,
    /** What it could use instead: a set with counters in the bridge family of nftables. */
    NFT_SET
  }

  /** Counts, or does not. */
  private interface Switch {
    void turn(boolean on) throws LabException, IOException;
  }

  @Override
  public Reading run(Bench bench) throws LabException {
    bench.progress().say("counting: " + how + ", " + pairs + " pairs");
    try (CountedBridge bridge = CountedBridge.make();
        FrameFlood flood = bridge.flood(pairs)) {
      return switch (how) {
        case BPF -> {
          try (PairCounters counters = PairCounters.open(bridge.host(), settings(), 0)) {
            yield measure(bench, bridge, flood, on -> turn(counters, on));
          }
        }
        case NFT_SET -> measure(bench, bridge, flood, on -> nft(bridge, on));
      };
    } catch (IOException e) {
      throw new LabException("cannot count: " + e.getMessage(), e);
    }
  }

  static PairCounterSettings settings() {
    return new PairCounterSettings(
        CountedBridge.BRIDGE, Set.of(), Set.of(), PairCounterSettings.DEFAULT_PAIRS_MAX);
  }

  private static void turn(PairCounters counters, boolean on) throws IOException {
    if (on) {
      counters.follow();
    } else {
      counters.remove();
    }
  }

  private static void nft(CountedBridge bridge, boolean on) throws LabException {
    bridge.nft(
        on
            ? "add table bridge tele;"
                + " add set bridge tele pairs { type ipv4_addr . ipv4_addr; size 262144;"
                + " flags dynamic; counter; };"
                + " add chain bridge tele pre { type filter hook prerouting priority -250; };"
                + " add rule bridge tele pre ether type ip"
                + " update @pairs { ip saddr . ip daddr }"
            : "add table bridge tele; delete table bridge tele");
  }

  private Reading measure(Bench bench, CountedBridge bridge, FrameFlood flood, Switch counting)
      throws LabException, IOException {
    List<Double> ratios = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    counting.turn(false);
    perSecond(bridge, flood);
    for (int round = 0; round < ROUNDS; round++) {
      double before = perSecond(bridge, flood);
      counting.turn(true);
      onceEach(flood); // pairs are told apart the first time, and counted from then on
      double counted = perSecond(bridge, flood);
      counting.turn(false);
      double after = perSecond(bridge, flood);
      ratios.add(2 * counted / (before + after));
      with.add(counted);
      without.add((before + after) / 2);
    }
    Map<String, Object> conditions = bench.conditions();
    conditions.put("pairs", pairs);
    conditions.put("rounds", ROUNDS);
    conditions.put("packet_bytes", FrameFlood.IP_BYTES);
    conditions.put("packets_per_second_without", Figure.rounded(median(without)));
    conditions.put("packets_per_second_with", Figure.rounded(median(with)));
    conditions.put(
        "ns_per_packet",
        Figure.rounded(NANOS_PER_SECOND / median(with) - NANOS_PER_SECOND / median(without)));
    conditions.put("percent_quartiles", quartiles(ratios));
    return new Reading(100 * (1 - median(ratios)), conditions);
  }

  private void onceEach(FrameFlood flood) throws IOException {
    for (int sent = 0; sent < pairs; ) {
      sent += flood.send();
    }
  }

  private static double perSecond(CountedBridge bridge, FrameFlood flood) throws IOException {
    long arrivedBefore = bridge.arrived();
    long start = System.nanoTime();
    long now = start;
    while (now - start < TURN_NANOS) {
      flood.send();
      now = System.nanoTime();
    }
    return (double) (bridge.arrived() - arrivedBefore) * NANOS_PER_SECOND / (double) (now - start);
  }

  private static String quartiles(List<Double> ratios) {
    double[] sorted = sorted(ratios);
    return "%.1f to %.1f"
        .formatted(
            100 * (1 - sorted[3 * sorted.length / 4]), 100 * (1 - sorted[sorted.length / 4]));
  }

  private static double median(List<Double> values) {
    double[] sorted = sorted(values);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double[] sorted(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
