package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The real forwarding element of a fault lab: how far it is, and what its kernel holds. */
final class RealElement {
  /** As in the agent's reference.conf. */
  private static final int ROUTE_PROTOCOL = 157;

  private final FaultStage stage;

  private RealElement(FaultStage stage) {
    this.stage = stage;
  }

  /** Starts it and waits until it has installed everything that was committed by then. */
  static RealElement started(FaultStage stage) throws LabException {
    RealElement agent = new RealElement(stage);
    stage.lab().startAgent();
    agent.awaitApplied();
    return agent;
  }

  /** Waits until it has installed everything that is committed by now. */
  void awaitCaughtUp() throws LabException {
    awaitApplied();
    stage.hasCaughtUp();
  }

  private void awaitApplied() throws LabException {
    Map<RangeId, Long> committed = new TreeMap<>();
    stage
        .lab()
        .api()
        .ranges()
        .orElseThrow(() -> new LabException("no controller answers"))
        .forEach((range, owner) -> committed.put(range, owner.revision()));
    stage
        .lab()
        .await(
            () -> {
              Map<RangeId, Long> applied = stage.lab().api().applied(FaultPlan.agent());
              long behind =
                  committed.entrySet().stream()
                      .filter(each -> applied.getOrDefault(each.getKey(), -1L) < each.getValue())
                      .count();
              return behind == 0 ? "" : FaultPlan.agent() + " to install " + behind + " ranges";
            },
            FaultStage.PATIENCE);
  }

  /** When no claims flow any more, its kernel's table must equal the bindings. */
  void compareWhenQuiet() {
    stage.whenQuiet(
        () -> {
          awaitApplied();
          compare();
        });
  }

  private void compare() throws LabException {
    Map<IpAddress, Attachment> bindings =
        stage.lab().api().bindings().orElseThrow(() -> new LabException("no controller answers"));
    List<String> routes = stage.lab().network().agentRoutes(ROUTE_PROTOCOL);
    Map<IpAddress, String> installed = new TreeMap<>();
    routes.forEach(line -> installed.put(IpAddress.parse(line.split(" ", 2)[0]), line));
    if (installed.size() != bindings.size() || routes.size() != bindings.size()) {
      stage.problem(
          "%d routes of %d addresses for %d bindings"
              .formatted(routes.size(), installed.size(), bindings.size()));
    }
    bindings.forEach(
        (address, attachment) -> {
          String route = installed.getOrDefault(address, "no route");
          String tunnelEnd = "dst " + FaultPlan.underlay(attachment.fe()) + " ";
          if (!route.contains(tunnelEnd)) {
            stage.problem(address + " is bound to " + attachment.fe() + " but: " + route);
          }
        });
  }
}
