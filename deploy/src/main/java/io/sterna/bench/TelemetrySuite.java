package io.sterna.bench;

import java.util.List;
import java.util.Optional;

/** The figures of Domain-0 telemetry; all need root. */
final class TelemetrySuite {
  private static final int PAIRS = 1_000;
  private static final int MANY_PAIRS = 100_000;

  private TelemetrySuite() {}

  static List<Target> all() {
    return List.of(
        new Target(
            "telemetry-cost",
            "bridged packets/s that counting takes, %d pairs in turn; needs root".formatted(PAIRS),
            "percent",
            Optional.of(Bar.atMost(10)),
            bench -> bench.once(new CountingCost(CountingCost.How.BPF, PAIRS))),
        new Target(
            "telemetry-cost-one-pair",
            "the same with all packets of one pair",
            "percent",
            Optional.empty(),
            bench -> bench.once(new CountingCost(CountingCost.How.BPF, 1))),
        new Target(
            "telemetry-cost-100k-pairs",
            "the same with 100,000 pairs in turn: each packet finds cold memory",
            "percent",
            Optional.empty(),
            bench -> bench.once(new CountingCost(CountingCost.How.BPF, MANY_PAIRS))),
        new Target(
            "telemetry-cost-nft",
            "what an nftables set with counters takes instead, %d pairs in turn".formatted(PAIRS),
            "percent",
            Optional.empty(),
            bench -> bench.once(new CountingCost(CountingCost.How.NFT_SET, PAIRS))),
        new Target(
            "telemetry-cost-nft-100k-pairs",
            "the same with 100,000 pairs in turn",
            "percent",
            Optional.empty(),
            bench -> bench.once(new CountingCost(CountingCost.How.NFT_SET, MANY_PAIRS))),
        new Target(
            "telemetry-read",
            "an interval with 100,000 pairs ends and is read, the slowest of some",
            "s",
            Optional.of(Bar.atMost(1)),
            bench -> {
              CountingRead.Found found = bench.once(new CountingRead(MANY_PAIRS));
              return new Reading(found.seconds(), found.conditions());
            }),
        new Target(
            "telemetry-read-memory",
            "memory that reading them takes",
            "MiB",
            Optional.of(Bar.atMost(64)),
            bench -> {
              CountingRead.Found found = bench.once(new CountingRead(MANY_PAIRS));
              return new Reading(found.mebibytes(), found.conditions());
            }),
        new Target(
            "telemetry-miscounted",
            "packets not counted exactly once at full rate while intervals end",
            "packets",
            Optional.of(Bar.atMost(0)),
            bench -> {
              CountingRead.Found found = bench.once(new CountingRead(MANY_PAIRS));
              return new Reading(found.miscounted(), found.conditions());
            }));
  }
}
