package io.sterna.lab.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RouteWatchTest {
  private static final FeId ONE = new FeId("fe1");
  private static final FeId TWO = new FeId("fe2");
  private static final IpAddress A = IpAddress.parse("10.10.1.11");
  private static final IpAddress B = IpAddress.parse("fd0a:10::111");

  @Test
  void lastElementAndAddressDecideAndOnlyFirstInstallsCount() throws Exception {
    RouteWatch watch = new RouteWatch(List.of(ONE, TWO));
    watch.installed(ONE, A, 5);
    watch.restart();
    watch.installed(ONE, A, 10);
    watch.installed(ONE, A, 99);
    watch.installed(TWO, A, 12);
    watch.installed(ONE, B, 30);
    assertEquals(OptionalLong.empty(), watch.awaitAll(List.of(A, B), System.nanoTime()));
    watch.installed(TWO, B, 20);
    assertEquals(OptionalLong.of(30), watch.awaitAll(List.of(A, B), System.nanoTime()));
    assertEquals(OptionalLong.of(12), watch.awaitAll(List.of(A), System.nanoTime()));
  }
}
