package io.sterna.loadgen.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
  @ParameterizedTest
  @CsvSource({"10.20.0.0/16,1000", "10.20.0.0/16,65536", "fd00::/112,999", "2001:db8::/32,100000"})
  void addressesAndVmsAreOneToOne(String prefix, int size) {
    IpPrefix block = IpPrefix.parse(prefix);
    VmSpace vms = new VmSpace(block, size);
    for (int vm = 0; vm < size; vm++) {
      assertTrue(block.contains(vms.address(vm)));
      assertEquals(vm, vms.vmOf(vms.address(vm)));
    }
    assertEquals(0, vms.from(block));
    assertEquals(size, vms.until(block));
  }

  @Test
  void otherAddressesAreNoVms() {
    VmSpace vms = new VmSpace(IpPrefix.parse("10.20.0.0/16"), 1000);
    for (String other : new String[] {"10.20.0.0", "10.20.0.3", "10.21.0.1", "10.19.0.1", "::1"}) {
      assertEquals(-1, vms.vmOf(IpAddress.parse(other)), other);
    }
  }

  @Test
  void everyVmLiesInTheOneRangeThatSaysSo() {
    VmSpace vms = new VmSpace(IpPrefix.parse("10.20.0.0/16"), 1000);
    int covered = 0;
    for (int third = 0; third < 256; third += 16) {
      IpPrefix range = IpPrefix.parse("10.20." + third + ".0/20");
      assertEquals(covered, vms.from(range));
      for (int vm = vms.from(range); vm < vms.until(range); vm++) {
        assertTrue(range.contains(vms.address(vm)));
        covered++;
      }
    }
    assertEquals(1000, covered);
    assertEquals(1000, vms.from(IpPrefix.parse("10.21.0.0/20")));
    assertEquals(0, vms.until(IpPrefix.parse("10.19.0.0/20")));
  }

  @Test
  void tooManyVmsAreRefused() {
    IpPrefix prefix = IpPrefix.parse("10.0.0.0/24");
    assertThrows(IllegalArgumentException.class, () -> new VmSpace(prefix, 257));
  }

  @Test
  void arrivalsKeepTheirRateAndAreSeeded() {
    Arrivals one = new Arrivals(500, 1);
    Arrivals same = new Arrivals(500, 1);
    Arrivals other = new Arrivals(500, 2);
    assertNotEquals(one.dueNanos(), other.dueNanos());
    int count = 0;
    long last = 0;
    while (one.dueNanos() < 100_000_000_000L) {
      assertEquals(one.dueNanos(), same.dueNanos());
      assertTrue(one.dueNanos() >= last);
      last = one.dueNanos();
      one.advance();
      same.advance();
      count++;
    }
    assertEquals(50_000, count, 1_000);
  }

  @Test
  void uniformMovesAlwaysGoElsewhereAndAreSeeded() {
    checkMoves(new UniformMoves(100, 4, 5), new UniformMoves(100, 4, 5), 4, 2_500);
  }

  @Test
  void pingPongMovesAlwaysGoElsewhere() {
    checkMoves(new PingPongMoves(100, 3), new PingPongMoves(100, 3), 3, 5);
  }

  @Test
  void pingPongUsesTwoElementsAVm() {
    Moves moves = new PingPongMoves(10, 4);
    for (int i = 0; i < 200; i++) {
      Move move = moves.next();
      assertEquals(i % 10, move.vm());
      assertTrue(move.fe() == move.vm() % 4 || move.fe() == (move.vm() + 1) % 4);
    }
  }

  @Test
  void pingPongMovesNoVmBeforeItsTurn() {
    Moves moves = new PingPongMoves(5, 2);
    assertEquals(OptionalInt.empty(), moves.nextTo(1), "VM 0 goes to element 0 first");
    for (int i = 0; i < 100; i++) {
      int fe = (i % 5 + i / 5) % 2;
      assertEquals(OptionalInt.empty(), moves.nextTo(1 - fe));
      assertEquals(OptionalInt.of(i % 5), moves.nextTo(fe));
    }
  }

  private static void checkMoves(Moves moves, Moves same, int fes, int foundMin) {
    Map<Integer, Integer> places = new HashMap<>();
    int found = 0;
    for (int i = 0; i < 3_000; i++) {
      Move move = moves.next();
      assertEquals(move, same.next());
      assertNotEquals(move.fe(), places.put(move.vm(), move.fe()));
      int fe = i % fes;
      OptionalInt vm = moves.nextTo(fe);
      assertEquals(vm, same.nextTo(fe));
      if (vm.isPresent()) {
        assertNotEquals(fe, places.put(vm.getAsInt(), fe));
        found++;
      }
    }
    assertTrue(found > foundMin, "only " + found);
  }
}
