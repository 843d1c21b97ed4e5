package io.sterna.bench;

import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** Whether a kernel's table is what the bindings ask for. Pure. */
final class RouteTable {
  private static final String FE = "fe";

  private RouteTable() {}

  /**
   * The first difference, for people; empty if there is none.
   *
   * @param routes as {@code ip route} prints them
   * @param bindings none of them to the element whose table this is
   * @param underlay where the tunnels to the element of a number end
   */
  static Optional<String> problem(
      List<String> routes, Map<IpAddress, Attachment> bindings, IntFunction<String> underlay) {
    if (routes.size() != bindings.size()) {
      return Optional.of("%d routes for %d bindings".formatted(routes.size(), bindings.size()));
    }
    Map<IpAddress, String> installed = new HashMap<>();
    routes.forEach(line -> installed.put(IpAddress.parse(line.split(" ", 2)[0]), line));
    for (Map.Entry<IpAddress, Attachment> each : bindings.entrySet()) {
      String route = installed.getOrDefault(each.getKey(), "no route");
      FeId fe = each.getValue().fe();
      int number = Integer.parseInt(fe.value().substring(FE.length()));
      if (!route.contains(" dst " + underlay.apply(number) + " ")) {
        return Optional.of(each.getKey() + " is bound to " + fe + " but: " + route);
      }
    }
    return Optional.empty();
  }
}
