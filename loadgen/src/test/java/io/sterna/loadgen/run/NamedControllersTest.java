package io.sterna.loadgen.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.loadgen.scenario.ControllerAddress;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NamedControllersTest {
  private final NamedControllers<String> named = new NamedControllers<>();

  @Test
  void whoHasJustStartedAndDoesNotNameItselfYetIsKept() {
    named.named("to c1", endpoints(1, 2, 3));
    named.named("to c3", endpoints(1, 2, 3));
    named.named("to c2", endpoints(1, 3));
    assertEquals(addresses(1, 2, 3), named.all());
  }

  @Test
  void whomNobodyNamesAnyMoreIsForgotten() {
    named.named("to c1", endpoints(1, 2, 3));
    named.named("to c3", endpoints(1, 2, 3));
    named.named("to c1", endpoints(1, 3));
    named.named("to c3", endpoints(1, 3));
    assertEquals(addresses(1, 3), named.all());
  }

  @Test
  void whatTheDeadSaidCountsNoMore() {
    named.named("to c1", endpoints(1, 3));
    named.named("to c2", endpoints(1, 2, 3));
    named.ended("to c2");
    assertEquals(addresses(1, 3), named.all());
    named.ended("to c1");
    assertEquals(Set.of(), named.all());
  }

  private static List<ControllerEndpoint> endpoints(int... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(n -> new ControllerEndpoint(new ControllerId("c" + n), "192.0.2." + n, 4780))
        .toList();
  }

  private static Set<ControllerAddress> addresses(int... numbers) {
    return Arrays.stream(numbers)
        .mapToObj(n -> new ControllerAddress("192.0.2." + n, 4780))
        .collect(Collectors.toSet());
  }
}
