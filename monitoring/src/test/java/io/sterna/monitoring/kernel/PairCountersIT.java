package io.sterna.monitoring.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.linux.NetworkNamespace;
import io.sterna.monitoring.lab.CountingLab;
import io.sterna.monitoring.lab.Traffic;
import io.sterna.monitoring.lab.WireCapture;
import io.sterna.monitoring.lab.WireCapture.Pair;
import io.sterna.monitoring.lab.WireCapture.Sum;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kernel's counters against what a packet socket at the receiver saw. Needs root. */
class PairCountersIT {
  private static final long SEED = 20_260_801;
  private static final PairCounterSettings SETTINGS =
      new PairCounterSettings(
          CountingLab.BRIDGE, Set.of(), Set.of(), PairCounterSettings.DEFAULT_PAIRS_MAX);
  private static final List<IpPrefix> LAB =
      List.of(IpPrefix.parse("10.7.0.0/16"), IpPrefix.parse("fd07::/16"));

  private static final List<String> HOST = List.of("10.7.1.254", "fd07:1::254", "fd07:2::254");

  /** Both families, co-located and routed, both ways. */
  private static final List<String> EXPECTED =
      List.of(
          "10.7.1.1>10.7.1.2",
          "10.7.1.2>10.7.1.1",
          "fd07:1::1>fd07:1::2",
          "fd07:1::2>fd07:1::1",
          "10.7.2.1>10.7.1.2",
          "10.7.1.2>10.7.2.1",
          "fd07:2::1>fd07:1::2",
          "fd07:1::2>fd07:2::1");

  private final Random chance = new Random(SEED);
  private final CountingLab lab = new CountingLab();

  PairCountersIT() throws IOException {}

  @AfterEach
  void close() throws IOException {
    lab.close();
  }

  @Test
  void countsExactlyWhatArrivesThroughRotations() throws Exception {
    NetworkNamespace one = lab.addVm(1);
    NetworkNamespace two = lab.addVm(2);
    try (PairCounters counters = PairCounters.open(lab.host(), SETTINGS, 0);
        WireCapture atOne = WireCapture.open(one);
        WireCapture atTwo = WireCapture.open(two);
        WireCapture atFar = WireCapture.open(lab.far())) {
      Future<?> traffic = CompletableFuture.runAsync(() -> everyKind(one, two));
      Map<Pair, Sum> counted = new HashMap<>();
      Map<Pair, WayIn> ways = new HashMap<>();
      int rotations = 0;
      boolean more = true;
      while (more) {
        more = !traffic.isDone();
        add(counters.rotate(0), counted, ways);
        rotations++;
      }
      traffic.get();
      add(counters.rotate(0), counted, ways);
      assertTrue(rotations > 3, rotations + " rotations");
      Map<Pair, Sum> arrived = new HashMap<>(inLab(atOne.sums()));
      arrived.putAll(inLab(atTwo.sums()));
      Map<Pair, Sum> far = inLab(atFar.sums());
      far.forEach((pair, sum) -> assertEquals(sum, counted.get(pair), pair + " to the far one"));
      arrived.forEach((pair, sum) -> assertEquals(sum, counted.get(pair), pair.toString()));
      arrived.putAll(far);
      for (String each : EXPECTED) {
        String[] ends = each.split(">", -1);
        assertTrue(arrived.containsKey(pair(ends[0], ends[1])), each);
      }
      assertEquals(WayIn.SENT_BY_VM, ways.get(pair("10.7.1.1", "10.7.1.2")));
      assertEquals(WayIn.FROM_ELSEWHERE, ways.get(pair("fd07:2::1", "fd07:1::2")));
      counters.remove();
    }
  }

  private void everyKind(NetworkNamespace one, NetworkNamespace two) {
    try {
      Traffic.stream(one, two, "10.7.1.2", 12_345_678);
      Traffic.datagrams(one, "10.7.1.2", 2_000, chance);
      Traffic.stream(two, one, "fd07:1::1", 12_345_679);
      Traffic.datagrams(one, "fd07:1::2", 2_000, chance);
      Traffic.stream(lab.far(), two, "10.7.1.2", 2_345_678);
      Traffic.stream(two, lab.far(), "fd07:2::1", 2_345_678);
      Traffic.datagrams(lab.far(), "fd07:1::2", 1_000, chance);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void theNextProcessGoesOnWhereTheLastOneEnded() throws IOException {
    NetworkNamespace one = lab.addVm(1);
    lab.addVm(2);
    PairCounters.open(lab.host(), SETTINGS, 1_000).close();
    Traffic.datagrams(one, "10.7.1.2", 100, chance);
    try (PairCounters next = PairCounters.open(lab.host(), SETTINGS, 5_000)) {
      PairCounters.Interval interval = next.rotate(9_000);
      assertEquals(100, packets(interval, pair("10.7.1.1", "10.7.1.2")));
      assertEquals(8_000, interval.duration().toNanos());
      Traffic.datagrams(one, "10.7.1.2", 10, chance);
      assertEquals(10, packets(next.rotate(9_500), pair("10.7.1.1", "10.7.1.2")));
      next.remove();
      Traffic.datagrams(one, "10.7.1.2", 10, chance);
      // The other VM's answers to what was sent before may have been counted.
      assertEquals(0, packets(next.rotate(9_900), pair("10.7.1.1", "10.7.1.2")), "removed");
    }
  }

  @Test
  void portsThatComeAndGoAreFollowed() throws IOException {
    NetworkNamespace one = lab.addVm(1);
    try (PairCounters counters = PairCounters.open(lab.host(), SETTINGS, 0)) {
      assertEquals(0, counters.follow());
      NetworkNamespace two = lab.addVm(2);
      assertEquals(1, counters.follow());
      Traffic.datagrams(two, "10.7.1.1", 50, chance);
      assertEquals(50, packets(counters.rotate(0), pair("10.7.1.2", "10.7.1.1")));
      lab.host("link set p2 nomaster");
      counters.follow();
      Traffic.datagrams(two, "10.7.1.1", 50, chance);
      assertEquals(0, packets(counters.rotate(0), pair("10.7.1.2", "10.7.1.1")));
      lab.host("link del p1");
      counters.follow();
      assertEquals(0, packets(counters.rotate(0), pair("10.7.1.1", "10.7.1.2")), one.name());
      counters.remove();
    }
  }

  @Test
  void packetsThatFindNoRoomAreCountedTogether() throws IOException {
    NetworkNamespace one = lab.addVm(1);
    PairCounterSettings few = new PairCounterSettings(CountingLab.BRIDGE, Set.of(), Set.of(), 1);
    try (PairCounters counters = PairCounters.open(lab.host(), few, 0)) {
      for (int i = 1; i <= 20; i++) {
        Traffic.datagrams(one, "10.7.2." + i, 10, chance);
      }
      PairCounters.Interval interval = counters.rotate(0);
      assertTrue(interval.totals().missedPackets() > 0, interval.totals().toString());
      assertTrue(interval.totals().missedBytes() > 28 * interval.totals().missedPackets());
      counters.remove();
    }
  }

  @Test
  void aMissingBridgeIsNamed() {
    PairCounterSettings none = new PairCounterSettings("br9", Set.of(), Set.of(), 1);
    IOException refused =
        assertThrows(IOException.class, () -> PairCounters.open(lab.host(), none, 0));
    assertTrue(String.valueOf(refused.getMessage()).contains("no bridge 'br9'"));
  }

  private static void add(
      PairCounters.Interval interval, Map<Pair, Sum> counted, Map<Pair, WayIn> ways) {
    interval
        .pairs()
        .forEach(
            (wayIn, source, destination, bytes, packets) -> {
              Pair pair = new Pair(source, destination);
              counted.merge(pair, new Sum(bytes, packets), Sum::plus);
              WayIn other = ways.put(pair, wayIn);
              boolean once = other == null || other == wayIn || !in(source);
              assertTrue(once, pair + " came both ways");
            });
  }

  private static long packets(PairCounters.Interval interval, Pair wanted) {
    Map<Pair, Sum> counted = new HashMap<>();
    add(interval, counted, new HashMap<>());
    return counted.getOrDefault(wanted, new Sum(0, 0)).packets();
  }

  /** Between machines: the host itself discovers its neighbours when it likes. */
  private static Map<Pair, Sum> inLab(Map<Pair, Sum> sums) {
    Map<Pair, Sum> inLab = new HashMap<>(sums);
    inLab.keySet().removeIf(pair -> !(in(pair.source()) && in(pair.destination())));
    return inLab;
  }

  private static boolean in(IpAddress address) {
    return LAB.stream().anyMatch(prefix -> prefix.contains(address))
        && !HOST.contains(address.toString());
  }

  private static Pair pair(String source, String destination) {
    return new Pair(IpAddress.parse(source), IpAddress.parse(destination));
  }
}
