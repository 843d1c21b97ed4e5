package io.sterna.lab.fault;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who stands where: every part in a network namespace of its own, all on one bridge in one more.
 * Pure.
 *
 * @param prefix the first part of the name of each namespace, without the hyphen
 */
record FaultPlan(String prefix) {
  /** The addresses whose VMs move. */
  static final IpPrefix MOBILE = IpPrefix.parse("10.20.0.0/16");

  static final int RANGE_LENGTH = 20;
  static final int CLUSTER_PORT = 2551;
  static final int SOUTHBOUND_PORT = 4780;
  static final int HTTP_PORT = 8080;
  static final int CQL_PORT = 9042;
  static final int STORAGE_PORT = 7000;

  private static final int CONTROLLERS = 3;
  private static final int EMULATED = 4;
  private static final int RANGES = 1 << (RANGE_LENGTH - 16);
  private static final int RANGE_SIZE = 1 << (32 - RANGE_LENGTH);

  /** Cassandra. */
  static final Node STORE = new Node("cassandra", 20);

  /** The emulated elements; whoever asks the controllers' API does it from here, too. */
  static final Node LOAD = new Node("load", 30);

  /** The real forwarding element. */
  static final Node AGENT = new Node("fe" + (EMULATED + 1), 40);

  /**
   * A part of the lab, alone in its namespace.
   *
   * @param name also that of its process
   * @param host the last byte of its address
   */
  record Node(String name, int host) {
    IpAddress address() {
      return IpAddress.parse("10.77.0." + host);
    }
  }

  static List<ControllerId> controllers() {
    return IntStream.rangeClosed(1, CONTROLLERS).mapToObj(i -> new ControllerId("c" + i)).toList();
  }

  static Node node(ControllerId controller) {
    return new Node(controller.value(), 10 + controllers().indexOf(controller));
  }

  static List<Node> nodesOf(List<ControllerId> controllers) {
    return controllers.stream().map(FaultPlan::node).toList();
  }

  static List<Node> nodes() {
    List<Node> all = new ArrayList<>(nodesOf(controllers()));
    all.addAll(List.of(STORE, LOAD, AGENT));
    return all;
  }

  /** The elements that the load emulates. */
  static List<FeId> emulated() {
    return IntStream.rangeClosed(1, EMULATED).mapToObj(i -> new FeId("fe" + i)).toList();
  }

  static FeId agent() {
    return new FeId(AGENT.name());
  }

  /** Where tunnels to an element end. */
  static IpAddress underlay(FeId fe) {
    int index = emulated().indexOf(fe);
    return index < 0 ? AGENT.address() : IpAddress.parse("172.16." + (index + 1) + ".1");
  }

  /** Every range, in order. */
  static List<RangeId> ranges() {
    return IntStream.range(0, RANGES)
        .mapToObj(
            i ->
                new IpAddress(
                        MOBILE.address().high(), MOBILE.address().low() + (long) i * RANGE_SIZE)
                    + "/"
                    + RANGE_LENGTH)
        .map(RangeId::parse)
        .toList();
  }

  String namespace(Node node) {
    return prefix + "-" + node.name();
  }

  /** The namespace of the bridge. */
  String hub() {
    return prefix + "-hub";
  }

  List<String> namespaces() {
    List<String> all = new ArrayList<>(List.of(hub()));
    nodes().forEach(node -> all.add(namespace(node)));
    return all;
  }
}
