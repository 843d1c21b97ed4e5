package io.sterna.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LabPortsTest {
  private static Set<Integer> all(LabPorts ports) {
    Set<Integer> all = new TreeSet<>(List.of(ports.cql(), ports.storage()));
    ports.controllers().stream()
        .flatMap(each -> Stream.of(each.cluster(), each.southbound(), each.http()))
        .forEach(all::add);
    return all;
  }

  @Test
  void freePortsDifferAndNoConnectionGetsThem() throws Exception {
    LabPorts ports = LabPorts.free();
    ports.check();
    Set<Integer> all = all(ports);
    assertEquals(11, all.size());
    int first = LabPorts.firstOfConnections();
    assertTrue(all.stream().allMatch(port -> port < first), all + " below " + first);
  }

  @Test
  void whatIsTakenIsPassedOver() throws Exception {
    int taken = LabPorts.free().storage();
    try (ServerSocket other = new ServerSocket(taken, 1, InetAddress.getLoopbackAddress())) {
      assertFalse(all(LabPorts.free()).contains(other.getLocalPort()));
    }
  }
}
