package io.sterna.monitoring.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.monitoring.report.AddressPair;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The matrix against a model that keeps every byte and the moment it was sent. */
class TrafficMatrixPropertyTest {
  private static final int FES = 3;
  private static final long INTERVAL_MS = 10_000;
  private static final double CONSTANT_MS = 60_000;
  private static final int PART = 1_000;
  private static final int EXACT = 40;
  private static final int TAIL = 64;
  private static final int HEAVY = 20;
  private static final int LIGHT = 3_000;
  private static final MatrixSettings SMALL =
      new MatrixSettings(
          Duration.ofMillis((long) CONSTANT_MS), Duration.ofSeconds(30), EXACT, TAIL, 10_000);

  /** A pair that weighs less than one byte may be forgotten. */
  private static final double FORGOTTEN = 1000 / CONSTANT_MS;

  /** FE n is at site n. */
  private static final Placement PLACEMENT =
      fe -> Optional.of(new SiteId("site" + fe.value().substring(2)));

  /** What was sent in an interval by one pair. */
  private record Sent(AddressPair pair, long bytes, long fromMillis, long toMillis) {}

  @Property(tries = 60)
  void withRoomForAllEverythingIsExact(@ForAll long seed) {
    Random chance = new Random(seed);
    TrafficMatrix matrix = new TrafficMatrix(SMALL);
    List<Sent> model = new ArrayList<>();
    long now = 0;
    for (int interval = 0; interval < 30; interval++) {
      now += INTERVAL_MS;
      for (int fe = 0; fe < FES; fe++) {
        List<TrafficEntry> entries = new ArrayList<>();
        for (int i = chance.nextInt(10); i > 0; i--) {
          AddressPair pair = pair(fe + FES * chance.nextInt(3), chance.nextInt(4));
          entries.add(entry(pair, 1 + chance.nextInt(100_000)));
          model.add(new Sent(pair, bytes(entries), now - INTERVAL_MS, now));
        }
        offer(matrix, fe, interval, entries, now);
        if (chance.nextInt(3) == 0) {
          offer(matrix, fe, interval - chance.nextInt(2), entries, now); // again
        }
      }
    }
    compare(matrix, model, now, seed);
  }

  private static void compare(TrafficMatrix matrix, List<Sent> model, long now, long seed) {
    Map<AddressPair, Double> pairs = new HashMap<>();
    Map<IpPrefix, Double> senders = new HashMap<>();
    Map<SiteLink, Double> links = new HashMap<>();
    for (Sent each : model) {
      double rate = rate(each, now);
      pairs.merge(each.pair(), rate, Double::sum);
      senders.merge(each.pair().source(), rate, Double::sum);
      SiteId from = PLACEMENT.siteOf(fe(each.pair().source())).orElseThrow();
      SiteId to = PLACEMENT.siteOf(fe(each.pair().destination())).orElseThrow();
      if (!from.equals(to)) {
        links.merge(new SiteLink(from, to), rate, Double::sum);
      }
    }
    pairs.forEach((pair, rate) -> same(rate, matrix.pair(pair, now).bytesPerSec(), seed));
    senders.forEach((vm, rate) -> same(rate, matrix.endpoint(vm, now).sent().bytesPerSec(), seed));
    links.forEach(
        (link, rate) ->
            same(rate, matrix.links(now).getOrDefault(link, Rate.ZERO).bytesPerSec(), seed));
    same(
        pairs.values().stream().mapToDouble(Double::doubleValue).sum(),
        matrix.total(now).bytesPerSec(),
        seed);
    assertEquals(0, matrix.tail(now).bytesPerSec(), "seed " + seed);
  }

  /** Heavy pairs among thousands of light ones that are other ones each interval. */
  @Property(tries = 20)
  void inBoundedMemoryHeavyPairsAreFoundAndErrorsHold(@ForAll long seed) {
    Random chance = new Random(seed);
    TrafficMatrix matrix = new TrafficMatrix(SMALL);
    Map<AddressPair, Double> truth = new HashMap<>();
    double all = 0;
    long now = 0;
    for (int interval = 0; interval < 60; interval++) {
      now += INTERVAL_MS;
      Map<AddressPair, TrafficEntry> entries = new HashMap<>();
      for (int i = 0; i < HEAVY; i++) {
        AddressPair pair = pair(i * FES, 1);
        entries.put(pair, entry(pair, 1_000_000 + 10_000L * i + chance.nextInt(5_000)));
      }
      for (int i = 0; i < LIGHT; i++) {
        AddressPair pair = pair(FES * chance.nextInt(20_000), 2 + chance.nextInt(1_000));
        entries.putIfAbsent(pair, entry(pair, chance.nextInt(1_000)));
      }
      for (TrafficEntry each : entries.values()) {
        double rate =
            rate(new Sent(pair(each), each.bytes(), now - INTERVAL_MS, now), 60 * INTERVAL_MS);
        truth.merge(pair(each), rate, Double::sum);
        all += rate;
      }
      offer(matrix, 0, interval, List.copyOf(entries.values()), now);
      assertTrue(matrix.pairsRemembered() <= EXACT + TAIL, "seed " + seed);
    }
    same(all, matrix.total(now).bytesPerSec(), seed);
    List<PairRate> found = matrix.pairs(now);
    for (PairRate each : found.subList(0, HEAVY)) {
      double exact = truth.getOrDefault(each.pair(), 0.0);
      assertTrue(exact > 50_000, each + " is not heavy, seed " + seed);
      Rate rate = each.rate();
      assertTrue(
          rate.bytesPerSec() <= exact * 1.0001
              && rate.bytesPerSec() + rate.errorBytesPerSec() >= exact * 0.999,
          each + " is " + exact + ", seed " + seed);
      assertTrue(rate.errorBytesPerSec() < 0.01 * exact, each + ", seed " + seed);
    }
    double counted = found.stream().mapToDouble(each -> each.rate().bytesPerSec()).sum();
    assertEquals(all, counted + matrix.tail(now).bytesPerSec(), all * 1e-9, "seed " + seed);
  }

  /** A controller that has just taken over shows what the former one showed. */
  @Property(tries = 50)
  void aNewMatrixShowsTheSameAfterTwoIntervals(@ForAll long seed) {
    Random chance = new Random(seed);
    TrafficMatrix former = new TrafficMatrix(SMALL);
    TrafficMatrix next = new TrafficMatrix(SMALL);
    long[] bytes = new long[30];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = 1L + chance.nextInt(1_000_000);
    }
    int takeOver = 20 + chance.nextInt(20);
    long now = 0;
    for (int interval = 0; interval < takeOver + 2; interval++) {
      for (int fe = 0; fe < FES; fe++) {
        now += INTERVAL_MS / FES; // each reports at a time of its own
        List<TrafficEntry> entries = new ArrayList<>();
        for (int i = fe; i < bytes.length; i += FES) {
          entries.add(entry(pair(i, 1), bytes[i]));
        }
        offer(former, fe, interval, entries, now);
        if (interval >= takeOver) {
          offer(next, fe, interval, entries, now);
        }
      }
    }
    for (int i = 0; i < bytes.length; i++) {
      double before = former.pair(pair(i, 1), now).bytesPerSec();
      double after = next.pair(pair(i, 1), now).bytesPerSec();
      assertEquals(before, after, before * 1e-3, "pair " + i + ", seed " + seed);
    }
  }

  /** Sent evenly, each byte decayed by its age; the first interval stands for all before it. */
  private static double rate(Sent sent, long now) {
    double weight =
        CONSTANT_MS
            * (Math.exp((double) (sent.toMillis() - now) / CONSTANT_MS)
                - (sent.fromMillis() == 0
                    ? 0
                    : Math.exp((double) (sent.fromMillis() - now) / CONSTANT_MS)));
    double perMs = (double) sent.bytes() / (double) (sent.toMillis() - sent.fromMillis());
    return 1000 * perMs * weight / CONSTANT_MS;
  }

  private static void offer(
      TrafficMatrix matrix, int fe, long interval, List<TrafficEntry> entries, long now) {
    if (interval >= 0) {
      for (int from = 0; from == 0 || from < entries.size(); from += PART) {
        int to = Math.min(entries.size(), from + PART);
        List<TrafficEntry> share = List.copyOf(entries.subList(from, to));
        TrafficReport report =
            new TrafficReport(1, interval, from / PART, to == entries.size(), INTERVAL_MS, share);
        matrix.offer(new FeId("fe" + fe), report, PLACEMENT, now);
      }
    }
  }

  private static void same(double expected, double actual, long seed) {
    assertEquals(expected, actual, Math.abs(expected) * 1e-9 + FORGOTTEN, "seed " + seed);
  }

  private static long bytes(List<TrafficEntry> entries) {
    return entries.get(entries.size() - 1).bytes();
  }

  /** VM n is at FE n mod 3. */
  private static FeId fe(IpPrefix vm) {
    return new FeId("fe" + (vm.address().v4Bits() & 0xffff) % FES);
  }

  private static AddressPair pair(TrafficEntry entry) {
    return new AddressPair(entry.source(), entry.destination());
  }

  private static AddressPair pair(int from, int to) {
    return new AddressPair(vm(from), vm(to));
  }

  private static IpPrefix vm(int number) {
    return new IpPrefix(IpAddress.ofV4(0x0a0a_0000 | number), 32);
  }

  private static TrafficEntry entry(AddressPair pair, long bytes) {
    return new TrafficEntry(
        pair.source(), pair.destination(), Optional.of(fe(pair.destination())), bytes, 1);
  }
}
