package io.sterna.agent.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.neighbourhood.Neighbourhood;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Real packets to a VM whose port vanishes: from outside and from a neighbour on the same bridge,
 * IPv4 and IPv6.
 *
 * <pre>
 *   outside --- fe1 ---underlay--- fe2
 *               br0                br0
 *             vm   neighbour
 * </pre>
 */
class ParkingIT {
  private static final IpAddress VM_V4 = IpAddress.parse("10.10.1.11");
  private static final IpAddress VM_V6 = IpAddress.parse("fd0a:10::11");
  private static final NextHop LOCAL = new NextHop.Local(MacAddress.parse("02:aa:00:00:00:11"));
  private static final NextHop AT_FE1 = new NextHop.Tunnel(IpAddress.parse("172.16.0.1"));
  private static final NextHop AT_FE2 = new NextHop.Tunnel(IpAddress.parse("172.16.0.2"));

  private static final int MOVES = 6;

  private final TestNamespaces namespaces = new TestNamespaces();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Unplugging> unpluggings = new ArrayList<>();
  private String fe1 = "";
  private String fe2 = "";
  private String vm = "";
  private String neighbour = "";
  private String outside = "";

  @BeforeEach
  void build() throws IOException {
    fe1 = namespaces.addForwardingElement("fe1");
    fe2 = namespaces.addForwardingElement("fe2");
    vm = namespaces.add("vm");
    neighbour = namespaces.add("nb");
    outside = namespaces.add("ext");
    connect(fe1, "up0", "172.16.0.1/24 fd00:16::1/64", fe2, "up0", "172.16.0.2/24 fd00:16::2/64");
    connect(fe1, "e0", "192.0.2.1/24 fd09::1/64", outside, "e0", "192.0.2.2/24 fd09::2/64");
    namespaces.ip("-n " + outside + " route add default via 192.0.2.1");
    namespaces.ip("-n " + outside + " -6 route add default via fd09::1");
    attach(vm, "11");
    attach(neighbour, "12");
  }

  @AfterEach
  void tearDown() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    namespaces.close();
  }

  /** The bridge is told before the port goes: no frame is on its way to a port that is down. */
  @Test
  void movesThereAndBackLoseNothing() throws Exception {
    List<PacedProbe> probes = moveThereAndBack(true);
    assertFewLost(probes, 0);
  }

  /**
   * The port vanishes without a word, as with a VM that crashes. Bringing a port down, Linux 6.18
   * clears IFF_UP and waits for an RCU grace period before the bridge hears of it; a frame that the
   * bridge forwards meanwhile is dropped at the port (br_dev_queue_push_xmit, seen by tracing
   * kfree_skb). That takes some 50 us, so it hits at most one of the frames sent each millisecond.
   */
  @Test
  void aVanishingPortTakesOneFrameAtMost() throws Exception {
    List<PacedProbe> probes = moveThereAndBack(false);
    for (PacedProbe probe : probes) {
      probe.stopSending();
      await("the last packets", () -> probe.received() >= probe.sent() - MOVES);
      for (Unplugging each : unpluggings) {
        int lost = probe.lostBetween(each.beganNanos(), each.goneNanos());
        assertTrue(lost <= 1, () -> lost + " lost while one port vanished");
      }
      int lostInAll = unpluggings.stream().mapToInt(each -> lostIn(probe, each)).sum();
      assertEquals(probe.sent() - probe.received(), lostInAll, "lost at other times");
    }
  }

  private static int lostIn(PacedProbe probe, Unplugging unplugging) {
    return probe.lostBetween(unplugging.beganNanos(), unplugging.goneNanos());
  }

  /** When a port began to go, and when it was gone. */
  private record Unplugging(long beganNanos, long goneNanos) {}

  private List<PacedProbe> moveThereAndBack(boolean announced) throws Exception {
    ForwardingTable table1 = openTable(fe1);
    ForwardingTable table2 = openTable(fe2);
    apply(table1, LOCAL);
    List<PacedProbe> probes = startProbes();
    for (int round = 0; round < MOVES / 2; round++) {
      runFor(200);
      move(fe1, table1, AT_FE2, fe2, table2, announced);
      runFor(200);
      move(fe2, table2, AT_FE1, fe1, table1, announced);
    }
    runFor(200);
    report(MOVES + " moves", probes);
    assertEquals("", parkedNeighbours(fe1) + parkedNeighbours(fe2));
    return probes;
  }

  /**
   * The routes follow 30 ms after the VM is plugged in, at the source first: the target, where the
   * VM is staged, delivers what the source sends on before its own route says so.
   */
  private void move(
      String from,
      ForwardingTable source,
      NextHop elsewhere,
      String to,
      ForwardingTable target,
      boolean announced)
      throws IOException {
    // A frame is stamped before it is sent.
    long began = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(5);
    if (announced) {
      String quiet = " link set vm type bridge_slave learning off flood off fdb_flush";
      namespaces.ip("-n " + from + quiet);
      namespaces.ip("-n " + from + " link set vm nomaster");
    }
    namespaces.ip("-n " + from + " link set vm netns " + to);
    unpluggings.add(new Unplugging(began, System.nanoTime()));
    namespaces.ip("-n " + to + " link set vm master br0 up");
    long plugged = System.nanoTime();
    stage(target);
    runFor(30);
    apply(source, elsewhere);
    source.release(List.of(VM_V4, VM_V6));
    apply(target, LOCAL);
    long switched = System.nanoTime();
    System.out.printf(
        "%s to %s: unplugged for %.1f ms, routes followed after %.1f ms%n",
        from, to, (plugged - began) / 1e6, (switched - plugged) / 1e6);
  }

  @Test
  void aPortThatComesBackLosesNothing() throws Exception {
    ForwardingTable table = openTable(fe1);
    apply(table, LOCAL);
    List<PacedProbe> probes = startProbes();
    runFor(200);
    namespaces.ip("-n " + fe1 + " link set vm nomaster");
    runFor(200);
    namespaces.ip("-n " + fe1 + " link set vm master br0");
    // The first frame of the VM tells the bridge and so the watch.
    sendOneFrom(vm);
    runFor(200);
    report("port back", probes);
    assertFewLost(probes, 1);
  }

  @Test
  void aVmThatTheBridgeForgotStillGetsItsPackets() throws Exception {
    ForwardingTable table = openTable(fe1);
    apply(table, LOCAL);
    List<PacedProbe> probes = startProbes();
    runFor(100);
    namespaces.run(
        "ip",
        "netns",
        "exec",
        fe1,
        "bridge",
        "fdb",
        "del",
        "02:aa:00:00:00:11",
        "dev",
        "vm",
        "master");
    runFor(300);
    report("forgotten", probes);
    assertFewLost(probes, 0);
    sendOneFrom(vm);
    await("the parked copies are let go", () -> parkedNeighbours(fe1).isEmpty());
  }

  @Test
  void packetsForAVmWithoutRouteAreNotForwardedTwice() throws Exception {
    openTable(fe1);
    List<PacedProbe> probes = List.of(probe(neighbour, VM_V4, 9003));
    runFor(50);
    namespaces.run(
        "ip",
        "netns",
        "exec",
        fe1,
        "bridge",
        "fdb",
        "del",
        "02:aa:00:00:00:11",
        "dev",
        "vm",
        "master");
    runFor(100);
    assertFewLost(probes, 0);
    assertEquals(0, probes.get(0).duplicates());
    assertEquals("", parkedNeighbours(fe1));
  }

  private List<PacedProbe> startProbes() throws IOException {
    return List.of(
        probe(outside, VM_V4, 9001),
        probe(outside, VM_V6, 9002),
        probe(neighbour, VM_V4, 9003),
        probe(neighbour, VM_V6, 9004));
  }

  private PacedProbe probe(String from, IpAddress to, int port) throws IOException {
    PacedProbe probe = PacedProbe.start(from, vm, to, port);
    opened.add(probe);
    await("the first packet to " + to + " from " + from, () -> probe.received() > 10);
    return probe;
  }

  private void assertFewLost(List<PacedProbe> probes, int allowed) throws Exception {
    for (PacedProbe probe : probes) {
      probe.stopSending();
      int least = probe.sent() - allowed;
      await(
          () -> "received " + probe.received() + " of " + probe.sent(),
          () -> probe.received() >= least);
    }
  }

  private static void report(String what, List<PacedProbe> probes) throws Exception {
    for (PacedProbe probe : probes) {
      probe.stopSending();
    }
    runFor(100);
    StringBuilder line = new StringBuilder(what + ": lost/sent (again)");
    for (PacedProbe probe : probes) {
      line.append(
          " %d/%d (%d)"
              .formatted(probe.sent() - probe.received(), probe.sent(), probe.duplicates()));
    }
    System.out.println(line);
  }

  private ForwardingTable openTable(String namespace) throws IOException {
    LinuxDataPlaneSettings settings = LinuxForwardingTableIT.settings(namespace);
    LinuxDataPlane dataPlane =
        LinuxDataPlane.open(settings, (within, bridge, gatewayMac) -> new SilentNeighbourhood());
    opened.add(dataPlane);
    return dataPlane.forwardingTable();
  }

  private static void stage(ForwardingTable table) throws IOException {
    MacAddress mac = ((NextHop.Local) LOCAL).mac();
    List<RouteChange> changes =
        List.of(new RouteChange.Stage(VM_V4, mac), new RouteChange.Stage(VM_V6, mac));
    assertEquals(Outcome.COMPLETE, table.apply(changes));
  }

  private static void apply(ForwardingTable table, NextHop nextHop) throws IOException {
    List<RouteChange> changes =
        List.of(
            LinuxForwardingTableIT.put(VM_V4, nextHop), LinuxForwardingTableIT.put(VM_V6, nextHop));
    assertEquals(Outcome.COMPLETE, table.apply(changes));
  }

  private String parkedNeighbours(String fe) {
    try {
      return namespaces.ip("-n " + fe + " neigh show dev rq1");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void sendOneFrom(String namespace) throws IOException {
    namespaces.run("ip", "netns", "exec", namespace, "ping", "-c1", "-W1", "10.10.0.1");
  }

  private void connect(
      String left,
      String leftDevice,
      String leftAddresses,
      String right,
      String rightDevice,
      String rightAddresses)
      throws IOException {
    namespaces.ip(
        "-n "
            + left
            + " link add "
            + leftDevice
            + " type veth peer name "
            + rightDevice
            + " netns "
            + right);
    configure(left, leftDevice, leftAddresses);
    configure(right, rightDevice, rightAddresses);
  }

  private void configure(String namespace, String device, String addresses) throws IOException {
    for (String address : addresses.split(" ", -1)) {
      String nodad = address.contains(":") ? " nodad" : "";
      namespaces.ip("-n " + namespace + " address add " + address + " dev " + device + nodad);
    }
    namespaces.ip("-n " + namespace + " link set " + device + " up");
  }

  private void attach(String namespace, String number) throws IOException {
    String port = namespace.substring("snl-".length());
    namespaces.ip("-n " + fe1 + " link add " + port + " type veth peer name e0 netns " + namespace);
    namespaces.ip("-n " + namespace + " link set e0 address 02:aa:00:00:00:" + number);
    configure(namespace, "e0", "10.10.1." + number + "/16 fd0a:10::" + number + "/64");
    namespaces.ip("-n " + fe1 + " link set " + port + " master br0 up");
    namespaces.ip("-n " + namespace + " route add default via 10.10.0.1");
    namespaces.ip("-n " + namespace + " -6 route add default via fe80::1 dev e0");
  }

  /** Lets the probes run; a duration is what is tested here, not a guess about readiness. */
  private static void runFor(int ms) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    while (System.nanoTime() < end) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    await(() -> what, condition);
  }

  private static void await(Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, what);
      runFor(10);
    }
  }

  /** Announcements are not what is tested here. */
  private static final class SilentNeighbourhood implements Neighbourhood {
    @Override
    public void listen(Consumer<Announcement> listener) {}

    @Override
    public void probe(IpAddress address, MacAddress mac) {}

    @Override
    public void redirect(IpAddress address) {}

    @Override
    public void close() {}
  }
}
