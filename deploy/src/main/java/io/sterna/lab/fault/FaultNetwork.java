package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import io.sterna.lab.fault.FaultPlan.Node;
import io.sterna.lab.topology.IpTool;
import io.sterna.lab.topology.LabPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The namespaces of a {@link FaultPlan}, and cuts between them. */
final class FaultNetwork {
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final int SUBNET_LENGTH = 24;
  private static final String NO_RULES = "add table inet fault; delete table inet fault;";

  private final FaultPlan plan;
  private final IpTool tool = new IpTool();

  FaultNetwork(FaultPlan plan) {
    this.plan = plan;
  }

  /**
   * Makes everything. What a run left that was killed goes first.
   *
   * @throws LabException if somebody still works in one of the namespaces, or it cannot be made
   */
  void up() throws LabException {
    for (String name : standing()) {
      if (!tool.run(List.of("ip", "netns", "pids", name), "").isBlank()) {
        throw new LabException("somebody works in network namespace " + name + " already");
      }
    }
    down();
    boolean complete = false;
    try {
      tool.batch("", plan.namespaces().stream().map(name -> "netns add " + name).toList());
      tool.batch(
          plan.hub(), List.of("link add hub0 type bridge forward_delay 0", "link set hub0 up"));
      for (Node node : FaultPlan.nodes()) {
        tool.batch(plan.namespace(node), links(node));
        tool.batch(
            plan.hub(),
            List.of("link set " + node.name() + " master hub0", "link set " + node.name() + " up"));
      }
      complete = true;
    } finally {
      if (!complete) {
        down();
      }
    }
  }

  private List<String> links(Node node) {
    List<String> lines = new ArrayList<>();
    lines.add("link set lo up");
    lines.add("link add eth0 type veth peer name " + node.name() + " netns " + plan.hub());
    lines.add("addr add " + node.address() + "/" + SUBNET_LENGTH + " dev eth0");
    lines.add("link set eth0 up");
    if (node.equals(FaultPlan.AGENT)) {
      lines.add("link add " + LabPlan.BRIDGE + " type bridge forward_delay 0 mcast_snooping 0");
      lines.add("link set " + LabPlan.BRIDGE + " up");
      lines.add("route add default dev eth0");
    }
    return lines;
  }

  /** Removes everything that stands. */
  void down() throws LabException {
    for (String name : standing()) {
      tool.run(List.of("ip", "netns", "del", name), "");
    }
  }

  private List<String> standing() {
    return plan.namespaces().stream()
        .filter(name -> Files.exists(NAMESPACES.resolve(name)))
        .toList();
  }

  /** Nothing passes between these and those any more, in either direction, and nobody is told. */
  void cut(List<Node> these, List<Node> those) throws LabException {
    cutOneWay(these, those);
    cutOneWay(those, these);
  }

  /** Nothing passes from these to those any more. */
  void cutOneWay(List<Node> from, List<Node> to) throws LabException {
    String sources =
        from.stream().map(node -> node.address().toString()).collect(Collectors.joining(", "));
    for (Node node : to) {
      nft(
          node,
          "add table inet fault;"
              + "add chain inet fault in { type filter hook input priority 0; };"
              + ("add rule inet fault in ip saddr { " + sources + " } drop"));
    }
  }

  /** Everything passes again. */
  void heal() throws LabException {
    for (Node node : FaultPlan.nodes()) {
      nft(node, NO_RULES);
    }
  }

  /** The routes that the real element made, as the kernel prints them, a line each. */
  List<String> agentRoutes(int protocol) throws LabException {
    return tool.run(
            List.of(
                "ip",
                "-n",
                plan.namespace(FaultPlan.AGENT),
                "-4",
                "-o",
                "route",
                "show",
                "proto",
                String.valueOf(protocol)),
            "")
        .lines()
        .toList();
  }

  private void nft(Node node, String script) throws LabException {
    tool.run(List.of("ip", "netns", "exec", plan.namespace(node), "nft", "-f", "-"), script + "\n");
  }
}
