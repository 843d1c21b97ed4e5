package io.sterna.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which address moves where, and who counts it. */
class AddressPlanTest {
  @Test
  void everyChangeMovesItsAddress() {
    for (int vms : new int[] {1, 7, 8, 100}) {
      AddressPlan plan = new AddressPlan(vms, 4);
      for (long change = vms; change < 10L * vms; change++) {
        assertEquals(plan.index(change - vms), plan.index(change));
        assertNotEquals(plan.location(change - vms), plan.location(change), plan::toString);
      }
    }
  }

  @Test
  void theFirstLapIsTheFirstTable() {
    AddressPlan plan = new AddressPlan(10, 3);
    Set<Integer> hosts = new HashSet<>();
    for (int location = 0; location < 3; location++) {
      for (int host : plan.hostsAtFirst(location)) {
        assertEquals(location, plan.location(plan.indexOfHost(host)));
        assertTrue(hosts.add(host));
      }
    }
    assertEquals(10, hosts.size());
  }

  @Test
  void addressesAreText() {
    AddressPlan plan = new AddressPlan(100_000, 2);
    assertEquals("10.64.0.0", AddressPlan.text(plan.host(0)));
    assertEquals("10.65.134.159", AddressPlan.text(plan.host(99_999)));
    assertEquals("10.255.1.2", AddressPlan.text(plan.nextHop(1)));
    byte[] key = (EtcdSource.PREFIX + "10.65.134.159").getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        plan.host(99_999), EtcdReceiver.bits(ByteBuffer.wrap(key), EtcdSource.PREFIX.length()));
  }

  @Test
  void withoutAnotherPlaceNothingMoves() {
    assertThrows(IllegalArgumentException.class, () -> new AddressPlan(10, 1));
    assertThrows(IllegalArgumentException.class, () -> new AddressPlan(0, 2));
    assertThrows(
        IllegalArgumentException.class, () -> new AddressPlan(10, AddressPlan.LOCATIONS_MAX + 1));
  }

  @Test
  void aReceiverThatHearsEverythingHasEverything() {
    AddressPlan plan = new AddressPlan(10, 3);
    Tally tally = new Tally(plan, 1);
    for (long change = 0; change < 25; change++) {
      assertTrue(tally.hasAllBefore(change));
      assertFalse(tally.hasAllBefore(change + 1));
      hear(tally, plan, change);
      assertEquals(change + 1, tally.changes());
    }
    assertEquals(24, tally.heardNanos(plan.index(24)));
    assertEquals(15, tally.heardNanos(plan.index(15)));
  }

  @Test
  void whatIsNoNewsOrNotOursDoesNotCount() {
    AddressPlan plan = new AddressPlan(10, 3);
    Tally tally = new Tally(plan, 1);
    hear(tally, plan, 0);
    hear(tally, plan, 0);
    tally.heard(plan.host(10), 1, 5);
    tally.heard(plan.host(-1), 1, 5);
    assertEquals(1, tally.changes());
  }

  @Test
  void aSampleStandsForAll() {
    AddressPlan plan = new AddressPlan(100, 2);
    Tally tally = new Tally(plan, 64);
    for (long change = 0; change < 200; change++) {
      if (plan.index(change) % 64 == 0) {
        assertTrue(tally.hasAllBefore(change), () -> "before");
        hear(tally, plan, change);
        assertFalse(tally.hasAllBefore(change), () -> "it is ahead");
      }
      assertTrue(tally.hasAllBefore(change + 1));
    }
    assertEquals(4 * 64, tally.changes());
  }

  private static void hear(Tally tally, AddressPlan plan, long change) {
    tally.heard(plan.host(plan.index(change)), plan.nextHop(plan.location(change)), change);
  }
}
