package io.sterna.controller.traffic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.VmUse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportedVmsTest {
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final IpAddress OTHER = IpAddress.parse("10.10.1.12");
  private static final IpAddress THIRD = IpAddress.parse("10.10.1.13");
  private static final long EVERY_MS = 20_000;

  private final ReportedVms vms = new ReportedVms(2);

  @Test
  void eachElementsLatestWordCounts() {
    say(FE1, VM, 512, 0);
    say(FE2, VM, 1024, 1);
    say(FE1, VM, 513, 2);
    assertEquals(
        Map.of(
            VM,
            List.of(
                new KnownUse(FE2, new VmUse(VM, 1024, 0)),
                new KnownUse(FE1, new VmUse(VM, 513, 0)))),
        vms.known(2));
  }

  @Test
  void whatIsNotSaidAgainIsForgotten() {
    say(FE1, VM, 512, 0);
    say(FE1, OTHER, 512, EVERY_MS);
    assertEquals(Set.of(VM, OTHER), vms.known(3 * EVERY_MS - 1).keySet());
    assertEquals(Set.of(OTHER), vms.known(3 * EVERY_MS).keySet());
    assertEquals(Set.of(), vms.known(4 * EVERY_MS).keySet());
  }

  @Test
  void anIntervalIsTakenAsWithinLimits() {
    vms.reported(FE1, new VmReport(1, List.of(new VmUse(VM, 1, 0))), 0);
    vms.reported(FE1, new VmReport(Long.MAX_VALUE, List.of(new VmUse(OTHER, 1, 0))), 0);
    assertEquals(Set.of(VM, OTHER), vms.known(29_999).keySet());
    assertEquals(Set.of(OTHER), vms.known(899_999).keySet());
    assertEquals(Set.of(), vms.known(900_000).keySet());
  }

  @Test
  void memoryIsBounded() {
    say(FE1, VM, 512, 0);
    say(FE1, OTHER, 512, 1);
    say(FE1, VM, 512, 2);
    say(FE1, THIRD, 512, 3);
    assertEquals(Set.of(VM, THIRD), vms.known(4).keySet());
  }

  private void say(FeId fe, IpAddress vm, long memoryMib, long nowMs) {
    vms.reported(fe, new VmReport(EVERY_MS, List.of(new VmUse(vm, memoryMib, 0))), nowMs);
  }
}
