package io.sterna.monitoring.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PrefixClustersTest {
  private static final List<IpPrefix> MOBILE =
      List.of(IpPrefix.parse("10.10.0.0/16"), IpPrefix.parse("fd0a:10::/64"));

  @Test
  void vmsAreThemselvesAndOthersTheirBlocks() {
    PrefixClusters clusters = new PrefixClusters(MOBILE, 100);
    assertEquals("10.10.1.11/32", of(clusters, "10.10.1.11"));
    assertEquals("fd0a:10::b/128", of(clusters, "fd0a:10::b"));
    assertEquals("198.51.100.0/24", of(clusters, "198.51.100.7"));
    assertEquals("2001:db8:1::/48", of(clusters, "2001:db8:1:2::7"));
  }

  @Test
  void withoutRoomBlocksAreCoarser() {
    PrefixClusters clusters = new PrefixClusters(MOBILE, 4);
    for (int i = 0; i < 4; i++) {
      assertEquals("198.51." + i + ".0/24", of(clusters, "198.51." + i + ".1"));
    }
    assertEquals("198.51.0.0/16", of(clusters, "198.51.9.1"));
    assertEquals("203.0.0.0/8", of(clusters, "203.0.113.1"));
    assertEquals("0.0.0.0/0", of(clusters, "192.0.2.1"));
    assertEquals("::/0", of(clusters, "2001:db8::1"));
    assertEquals("198.51.2.0/24", of(clusters, "198.51.2.77"), "known ones stay");
    assertEquals(6, clusters.size());
    assertEquals(6, clusters.sizeMax());
  }

  @Test
  void theHeavyStay() {
    PrefixClusters clusters = new PrefixClusters(MOBILE, 4);
    for (int i = 0; i < 4; i++) {
      clusters.of(IpAddress.parse("198.51." + i + ".1"), 100 - i);
    }
    clusters.endInterval();
    assertEquals("192.0.2.0/24", of(clusters, "192.0.2.1"));
    assertEquals("192.0.3.0/24", of(clusters, "192.0.3.1"));
    assertEquals("198.51.0.0/24", of(clusters, "198.51.0.1"));
    assertEquals("198.51.1.0/24", of(clusters, "198.51.1.1"));
    assertEquals("198.51.0.0/16", of(clusters, "198.51.3.1"), "it gave up its place");
    assertThrows(IllegalArgumentException.class, () -> new PrefixClusters(MOBILE, 0));
  }

  @Property(tries = 100)
  void theirNumberIsBoundedAndEachHoldsItsAddress(@ForAll long seed) {
    Random chance = new Random(seed);
    PrefixClusters clusters = new PrefixClusters(MOBILE, 64);
    for (int interval = 0; interval < 5; interval++) {
      Set<IpPrefix> seen = new HashSet<>();
      for (int i = 0; i < 1000; i++) {
        IpAddress address =
            chance.nextBoolean()
                ? IpAddress.ofV4(chance.nextInt())
                : new IpAddress(chance.nextLong() | 1, chance.nextLong());
        IpPrefix block = clusters.of(address, chance.nextInt(1000));
        assertTrue(block.contains(address), "seed " + seed);
        if (!clusters.isMobile(address)) {
          seen.add(block);
        }
      }
      assertTrue(seen.size() <= clusters.sizeMax() + 2, seen.size() + " blocks, seed " + seed);
      clusters.endInterval();
    }
  }

  private static String of(PrefixClusters clusters, String address) {
    return clusters.of(IpAddress.parse(address), 1).toString();
  }
}
