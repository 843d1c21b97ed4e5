package io.sterna.monitoring.collect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.linux.NetworkNamespace;
import io.sterna.monitoring.kernel.PairCounterSettings;
import io.sterna.monitoring.kernel.PairCounters;
import io.sterna.monitoring.lab.CountingLab;
import io.sterna.monitoring.lab.Traffic;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.monitoring.report.PrefixClusters;
import io.sterna.protocol.IpPrefix;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host reports, in a lab with a machine elsewhere. Needs root. */
class DomainZeroIT {
  private static final IpPrefix VMS = IpPrefix.parse("10.7.1.0/24");
  private static final IpPrefix FAR = IpPrefix.parse("10.7.2.0/24");
  private static final IpPrefix ONE = IpPrefix.parse("10.7.1.1/32");
  private static final IpPrefix TWO = IpPrefix.parse("10.7.1.2/32");
  private static final IpPrefix FAR_ONE = IpPrefix.parse("10.7.2.1/32");

  private final Random chance = new Random(20_260_803);
  private final CountingLab lab = new CountingLab();

  DomainZeroIT() throws IOException {}

  @AfterEach
  void close() throws IOException {
    lab.close();
  }

  @Test
  void aPacketBetweenHostsIsReportedByItsSendersHostOnly() throws IOException {
    Map<AddressPair, Count> withFarAsVm = report(List.of(VMS, FAR));
    assertEquals(30, packets(withFarAsVm, ONE, TWO), "co-located");
    assertEquals(20, packets(withFarAsVm, ONE, FAR_ONE), "sent here");
    assertEquals(0, packets(withFarAsVm, FAR_ONE, ONE), "its own host reports it");
    assertTrue(withFarAsVm.getOrDefault(new AddressPair(ONE, TWO), Count.NONE).bytes() > 30 * 28);
  }

  @Test
  void whatComesFromOutsideIsReportedWhereItArrives() throws IOException {
    Map<AddressPair, Count> withFarOutside = report(List.of(VMS));
    assertEquals(30, packets(withFarOutside, ONE, TWO), "co-located");
    assertEquals(20, packets(withFarOutside, ONE, FAR), "a block");
    assertEquals(10, packets(withFarOutside, FAR, ONE), "from the block");
  }

  private Map<AddressPair, Count> report(List<IpPrefix> mobile) throws IOException {
    NetworkNamespace one = lab.addVm(1);
    NetworkNamespace two = lab.addVm(2);
    for (NetworkNamespace each : List.of(one, two, lab.far())) {
      CountingLab.answerNothing(each); // else 'port unreachable' is traffic, too
    }
    PairCounterSettings settings =
        new PairCounterSettings(CountingLab.BRIDGE, Set.of(), Set.of(), 1000);
    try (PairCounters counters = PairCounters.open(lab.host(), settings, 0)) {
      Traffic.datagrams(one, "10.7.1.2", 30, chance);
      Traffic.datagrams(one, "10.7.2.1", 20, chance);
      Traffic.datagrams(lab.far(), "10.7.1.1", 10, chance);
      PairCounters.Interval interval = counters.rotate(2);
      counters.remove();
      return DomainZero.summarize(interval, new PrefixClusters(mobile, 100));
    }
  }

  private static long packets(Map<AddressPair, Count> counted, IpPrefix from, IpPrefix to) {
    return counted.getOrDefault(new AddressPair(from, to), Count.NONE).packets();
  }
}
