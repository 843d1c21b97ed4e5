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
 * One core sends as fast as it can over two bridges that are alike, a few milliseconds over the
 * one, then over the other. At one of them packets are counted; halfway it is the other one. Each
 * turn is compared with the one next to it, so what else the machine does hits both, and what
 * differs between the bridges cancels out.
 *
 * @param how who counts
 * @param pairs how many pairs take turns, packet by packet
 */
record CountingCost(How how, int pairs) implements Experiment<Reading> {
  private static final int TURNS = 1_000;
  private static final int WARM_UP_TURNS = 100;
  private static final int SENDS_PER_TURN = 5;
  private static final double NANOS_PER_SECOND = 1e9;

  private static final String NFT_RULES =
      "add table bridge tele;"
          + " add set bridge tele pairs { type ipv4_addr . ipv4_addr; size 262144;"
          + " flags dynamic; counter; };"
          + " add chain bridge tele pre { type filter hook prerouting priority -250; };"
          + " add rule bridge tele pre ether type ip update @pairs { ip saddr . ip daddr }";

  /** Who counts. */
  enum How {
    /** What Sterna uses. */
    BPF,
    /** What it could use instead: a set with counters in the bridge family of nftables. */
    NFT_SET
  }

  /** One of the two. */
  private record Side(CountedBridge bridge, FrameFlood flood) implements AutoCloseable {
    static Side make(String name, int pairs) throws LabException, IOException {
      CountedBridge bridge = CountedBridge.make(name);
      try {
        return new Side(bridge, bridge.flood(pairs));
      } catch (IOException e) {
        bridge.close();
        throw e;
      }
    }

    @Override
    public void close() throws LabException {
      flood.close();
      bridge.close();
    }
  }

  /** What the turns took, in nanoseconds a packet. */
  private record Found(List<Double> ratios, List<Double> with, List<Double> without) {}

  @Override
  public Reading run(Bench bench) throws LabException {
    bench.progress().say("counting: " + how + ", " + pairs + " pairs");
    Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    try (Side one = Side.make("one", pairs);
        Side other = Side.make("other", pairs)) {
      half(one, other, found);
      half(other, one, found);
    } catch (IOException e) {
      throw new LabException("cannot count: " + e.getMessage(), e);
    }
    Map<String, Object> conditions = bench.conditions();
    conditions.put("pairs", pairs);
    conditions.put("turns", 2 * TURNS);
    conditions.put("packets_per_turn", SENDS_PER_TURN * FrameFlood.BATCH);
    conditions.put("packet_bytes", FrameFlood.IP_BYTES);
    double with = median(found.with());
    double without = median(found.without());
    conditions.put("packets_per_second_without", Figure.rounded(NANOS_PER_SECOND / without));
    conditions.put("packets_per_second_with", Figure.rounded(NANOS_PER_SECOND / with));
    conditions.put("ns_per_packet", Figure.rounded(with - without));
    conditions.put("percent_quartiles", quartiles(found.ratios()));
    return new Reading(100 * (1 - median(found.ratios())), conditions);
  }

  private void half(Side counted, Side free, Found found) throws LabException, IOException {
    if (how == How.NFT_SET) {
      counted.bridge().nft(NFT_RULES);
      turns(counted, free, found);
      counted.bridge().nft("delete table bridge tele");
      return;
    }
    try (PairCounters counters = PairCounters.open(counted.bridge().host(), settings(), 0)) {
      turns(counted, free, found);
      long packets = counters.rotate(0).pairs().packets();
      counters.remove();
      long sent = 2L * SENDS_PER_TURN * FrameFlood.BATCH * TURNS;
      if (packets < sent / 2) {
        throw new LabException(packets + " packets were counted of more than " + sent / 2);
      }
    }
  }

  static PairCounterSettings settings() {
    return new PairCounterSettings(
        CountedBridge.BRIDGE, Set.of(), Set.of(), PairCounterSettings.DEFAULT_PAIRS_MAX);
  }

  private void turns(Side counted, Side free, Found found) throws IOException {
    for (int sent = 0; sent < pairs; ) {
      sent += counted.flood().send(); // pairs are new once, and known from then on
    }
    for (int turn = 0; turn < WARM_UP_TURNS + TURNS; turn++) {
      boolean first = turn % 2 == 0;
      double before = first ? nanosPerPacket(free) : 0;
      double with = nanosPerPacket(counted);
      double without = first ? before : nanosPerPacket(free);
      if (turn >= WARM_UP_TURNS) {
        found.ratios().add(without / with);
        found.with().add(with);
        found.without().add(without);
      }
    }
  }

  private static double nanosPerPacket(Side side) throws IOException {
    long start = System.nanoTime();
    int sent = 0;
    for (int i = 0; i < SENDS_PER_TURN; i++) {
      sent += side.flood().send();
    }
    return (double) (System.nanoTime() - start) / sent;
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
