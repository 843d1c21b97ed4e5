package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import org.junit.jupiter.api.Test;

/** The first notice of each VM counts; a notice that is missing is noticed. */
class InstallLogTest {
  private final VmSpace vms = new VmSpace(IpPrefix.parse("10.64.0.0/30"), 4);
  private final InstallLog log = new InstallLog(vms);

  @Test
  void firstAndLastOfThoseAskedFor() {
    log.installed(vms.address(0), 5);
    log.installed(vms.address(1), 10);
    log.installed(vms.address(2), 30);
    log.installed(vms.address(1), 40);
    log.installed(vms.address(3), 50);
    int[] some = {1, 2};
    assertEquals(10, log.earliest(some));
    assertEquals(30, log.latest(some));
    assertEquals(0, log.missing(some));
  }

  @Test
  void whatWasNotHeardIsMissing() {
    log.installed(vms.address(1), 10);
    log.installed(IpAddress.parse("10.64.0.4"), 11);
    assertEquals(2, log.missing(new int[] {0, 1, 2}));
  }
}
