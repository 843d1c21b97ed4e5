package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A kernel table that is wrong is found out. */
class RouteTableTest {
  private static final Map<IpAddress, Attachment> BINDINGS =
      Map.of(
          IpAddress.parse("10.64.0.1"), new Attachment(new FeId("fe1"), 3),
          IpAddress.parse("10.64.0.2"), new Attachment(new FeId("fe12"), 1));

  @Test
  void theRightOneIsRight() {
    assertEquals(Optional.empty(), problem(route("10.64.0.1", 1), route("10.64.0.2", 12)));
  }

  @Test
  void aRouteToElsewhereIsWrong() {
    Optional<String> problem = problem(route("10.64.0.1", 12), route("10.64.0.2", 12));
    assertTrue(problem.orElse("").startsWith("10.64.0.1 is bound to fe1 but"), problem::toString);
  }

  @Test
  void oneMissingOrTooManyIsWrong() {
    assertTrue(problem(route("10.64.0.1", 1)).isPresent());
    assertTrue(
        problem(route("10.64.0.1", 1), route("10.64.0.2", 12), route("10.64.0.3", 1)).isPresent());
  }

  @Test
  void anotherAddressInItsPlaceIsWrong() {
    assertTrue(problem(route("10.64.0.1", 1), route("10.64.0.3", 12)).isPresent());
  }

  private static String route(String address, int fe) {
    return address + " nhid 7 encap ip id 100 src 0.0.0.0 dst 172.16.0." + fe + " ttl 0 dev ov0 ";
  }

  private static Optional<String> problem(String... routes) {
    return RouteTable.problem(List.of(routes), BINDINGS, number -> "172.16.0." + number);
  }
}
