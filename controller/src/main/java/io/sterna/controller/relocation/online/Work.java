package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Step;
import io.sterna.protocol.IpAddress;
import io.sterna.store.plan.PlannedMove;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What takes a while: looking for a plan, or looking at one again. Made by {@link Relocation#work},
 * done anywhere, and handed back to {@link Relocation#conclude}. Pure: whoever does it may do it on
 * a thread of its own.
 */
public sealed interface Work permits SearchWork, CheckWork {
  /** Does it. */
  Result run();

  /**
   * What came out.
   *
   * @param of the work
   * @param trigger why a plan was looked for; empty if there was no need
   * @param moves those that pay
   * @param costNow of everything as it is
   * @param costAfter of everything after these moves
   */
  record Result(
      Work of, String trigger, List<PlannedMove> moves, double costNow, double costAfter) {
    /** Copies the moves. */
    public Result {
      moves = List.copyOf(moves);
    }

    double gain() {
      return costNow - costAfter;
    }
  }

  /** The numbers of VMs, by their addresses. */
  static Map<IpAddress, Integer> numbers(Scenario scenario) {
    Map<IpAddress, Integer> numbers = new HashMap<>();
    for (int i = 0; i < scenario.endpoints().size(); i++) {
      if (scenario.endpoints().get(i) instanceof Vm vm) {
        numbers.put(vm.address(), i);
      }
    }
    return numbers;
  }

  /** Steps in the words of what is kept for ever. */
  static List<PlannedMove> moves(Scenario scenario, Plan plan) {
    Network network = scenario.network();
    List<PlannedMove> moves = new ArrayList<>();
    for (Step step : plan.steps()) {
      Vm vm = (Vm) scenario.endpoints().get(step.endpoint());
      moves.add(
          new PlannedMove(
              vm.address(),
              network.sites().get(step.from()).id(),
              network.sites().get(step.to()).id(),
              vm.memoryMib(),
              step.costBefore(),
              step.costAfter(),
              reason(network, step)));
    }
    return moves;
  }

  private static String reason(Network network, Step step) {
    String kind =
        switch (step.reason().kind()) {
          case GAIN -> "lowers the cost";
          case GROUP -> "lowers the cost with others";
          case ROOM -> "makes room";
        };
    int peers = step.reason().peers();
    String beside = peers == 0 ? "" : ", %d peer%s there".formatted(peers, peers == 1 ? "" : "s");
    int link = step.reason().relieved();
    return kind + beside + (link < 0 ? "" : ", relieves " + network.links().get(link));
  }

  /** What a movable VM costs on average. */
  static double share(double cost, int movable) {
    return movable == 0 ? 0 : cost / movable;
  }
}
