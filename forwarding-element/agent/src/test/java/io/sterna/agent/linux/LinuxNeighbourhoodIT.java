package io.sterna.agent.linux;

import static io.sterna.agent.linux.BridgeLab.BRIDGE;
import static io.sterna.agent.linux.BridgeLab.GATEWAY;
import static io.sterna.agent.linux.BridgeLab.await;
import static io.sterna.agent.linux.BridgeLab.ip;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.announcement.AnnouncementParser;
import io.sterna.agent.announcement.ArpFrames;
import io.sterna.agent.announcement.NdFrames;
import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real bridge, real neighbours with default sysctls. Needs root, iproute2 and nftables. */
class LinuxNeighbourhoodIT {
  private static final MacAddress MAC_A = MacAddress.parse("02:00:00:00:00:0a");
  private static final MacAddress MAC_B = MacAddress.parse("02:00:00:00:00:0b");
  private static final IpAddress A4 = IpAddress.parse("10.10.1.11");
  private static final IpAddress A6 = IpAddress.parse("fd0a:10::b");
  private static final IpAddress GATEWAY4 = IpAddress.parse("10.10.0.1");

  private final Queue<Announcement> heard = new ConcurrentLinkedQueue<>();
  private final Set<IpAddress> remote = ConcurrentHashMap.newKeySet();
  private BridgeLab lab;
  private NetworkNamespace vmA;
  private NetworkNamespace vmB;
  private LinuxNeighbourhood neighbourhood;

  @BeforeEach
  void open() throws IOException {
    lab = new BridgeLab();
    vmA = lab.addVm("a", MAC_A);
    vmB = lab.addVm("b", MAC_B);
    neighbourhood = openNeighbourhood();
    neighbourhood.listen(heard::add);
  }

  private LinuxNeighbourhood openNeighbourhood() throws IOException {
    return LinuxNeighbourhood.open(lab.fe(), BRIDGE, GATEWAY, List.of(GATEWAY4), remote::contains);
  }

  @AfterEach
  void close() throws IOException {
    neighbourhood.close();
    lab.close();
  }

  private void awaitHeard(Announcement announcement) throws IOException {
    await(announcement + " among " + heard, () -> heard.contains(announcement));
  }

  private static Announcement.OfAddress of(IpAddress address, MacAddress mac, Evidence evidence) {
    return new Announcement.OfAddress(address, mac, evidence);
  }

  @Test
  void hearsEveryKindOfFrame() throws IOException {
    try (PacketSocket vm = PacketSocket.open(vmA, "eth0")) {
      vm.send(ArpFrames.gratuitousRequest(MAC_A, A4));
      vm.send(ArpFrames.broadcastRequest(MAC_A, A4, GATEWAY4));
      vm.send(ArpFrames.reply(MAC_A, A4, GATEWAY, GATEWAY4));
      vm.send(ArpFrames.reverseRequest(MAC_A));
      vm.send(NdFrames.unsolicitedAdvertisement(MAC_A, A6, A6));
      vm.send(NdFrames.duplicateAddressDetection(MAC_A, A6));
    }
    awaitHeard(of(A4, MAC_A, Evidence.GRATUITOUS_ARP));
    awaitHeard(of(A4, MAC_A, Evidence.ARP_REQUEST));
    awaitHeard(of(A4, MAC_A, Evidence.ARP_REPLY));
    awaitHeard(new Announcement.OfMac(MAC_A, Evidence.RARP));
    awaitHeard(of(A6, MAC_A, Evidence.UNSOLICITED_NA));
    awaitHeard(of(A6, MAC_A, Evidence.DAD_NS));
  }

  @Test
  void handsOverWithinAMillisecond() throws Exception {
    neighbourhood.close();
    SynchronousQueue<Long> arrivals = new SynchronousQueue<>();
    neighbourhood = openNeighbourhood();
    neighbourhood.listen(
        announcement -> {
          long now = System.nanoTime();
          if (announcement.evidence() == Evidence.GRATUITOUS_ARP) {
            try {
              arrivals.offer(now, 5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
    long[] delaysNanos = new long[300];
    try (PacketSocket vm = PacketSocket.open(vmA, "eth0")) {
      for (int i = 0; i < delaysNanos.length; i++) {
        long sent = System.nanoTime();
        vm.send(ArpFrames.gratuitousRequest(MAC_A, A4));
        Long arrived = arrivals.poll(5, TimeUnit.SECONDS);
        delaysNanos[i] = arrived - sent;
      }
    }
    Arrays.sort(delaysNanos);
    long medianMicros = delaysNanos[delaysNanos.length / 2] / 1000;
    assertTrue(medianMicros < 1000, "median of the hand-over: " + medianMicros + " us");
  }

  @Test
  void neitherHearsItselfNorTheGatewayNorTaggedFrames() throws IOException {
    IpAddress other = IpAddress.parse("10.10.1.99");
    neighbourhood.redirect(other);
    neighbourhood.redirect(A6);
    try (PacketSocket vm = PacketSocket.open(vmA, "eth0")) {
      vm.send(ArpFrames.gratuitousRequest(GATEWAY, other));
      vm.send(ArpFrames.gratuitousRequest(MAC_A, GATEWAY4));
      vm.send(tagged(ArpFrames.gratuitousRequest(MAC_A, other)));
      vm.send(ArpFrames.gratuitousRequest(MAC_A, A4));
    }
    awaitHeard(of(A4, MAC_A, Evidence.GRATUITOUS_ARP));
    // Frames of one sender stay in order: what was to be heard before would be here by now.
    assertFalse(heard.stream().anyMatch(a -> names(a, other)), heard::toString);
    assertFalse(heard.stream().anyMatch(a -> names(a, GATEWAY4)), heard::toString);
    assertFalse(heard.stream().anyMatch(a -> names(a, A6)), heard::toString);
  }

  /** The frame with an IEEE 802.1Q tag of VLAN 7. */
  private static byte[] tagged(byte[] frame) {
    return ByteBuffer.allocate(frame.length + 4)
        .put(frame, 0, 12)
        .putInt(0x8100_0007)
        .put(frame, 12, frame.length - 12)
        .array();
  }

  private static boolean names(Announcement announcement, IpAddress address) {
    return announcement instanceof Announcement.OfAddress named && named.address().equals(address);
  }

  @Test
  void hearsWhatTheKernelOfAVmSaysByItself() throws IOException {
    BridgeLab.setSysctl(vmA, "ipv4/conf/eth0/arp_notify", "1");
    BridgeLab.setSysctl(vmA, "ipv6/conf/eth0/ndisc_notify", "1");
    ip(vmA, "addr add 10.10.1.11/16 dev eth0");
    ip(vmA, "addr add fd0a:10::b/64 dev eth0");
    awaitHeard(of(A6, MAC_A, Evidence.DAD_NS));
    awaitHeard(of(A6, MAC_A, Evidence.UNSOLICITED_NA));
    MacAddress another = MacAddress.parse("02:00:00:00:00:aa");
    ip(vmA, "link set eth0 address " + another);
    awaitHeard(of(A4, another, Evidence.GRATUITOUS_ARP));
  }

  @Test
  void probesAreAnsweredByTheKernelOfTheVm() throws IOException {
    ip(vmA, "addr add 10.10.1.11/16 dev eth0");
    addAtOnce(vmA, "fd0a:10::b/128");
    neighbourhood.probe(A4, MAC_A);
    awaitHeard(of(A4, MAC_A, Evidence.ARP_REPLY));
    neighbourhood.probe(A6, MAC_A);
    awaitHeard(of(A6, MAC_A, Evidence.PROBE_ANSWERED));
  }

  @Test
  void probesOfAVmThatLeftAreNotAnswered() throws IOException {
    addAtOnce(vmB, "fd0a:10::c/64");
    neighbourhood.probe(A4, MAC_A);
    neighbourhood.probe(A6, MAC_A);
    neighbourhood.probe(IpAddress.parse("fd0a:10::c"), MAC_B);
    awaitHeard(of(IpAddress.parse("fd0a:10::c"), MAC_B, Evidence.PROBE_ANSWERED));
    assertFalse(heard.stream().anyMatch(a -> names(a, A4) || names(a, A6)), heard::toString);
  }

  /**
   * The entry was changed a moment ago, so locktime would hold if Linux applied it. And the address
   * is not remote, so nothing is said again: it is the first frame that must do.
   */
  @ParameterizedTest
  @CsvSource({
    "10.10.1.11, reachable",
    "10.10.1.11, stale",
    "10.10.1.11, delay",
    "fd0a:10::b, reachable",
    "fd0a:10::b, stale",
    "fd0a:10::b, delay"
  })
  void redirectSwitchesNeighboursAtOnce(String address, String state) throws IOException {
    ip(vmB, "addr add 10.10.1.12/16 dev eth0");
    addAtOnce(vmB, "fd0a:10::c/64");
    ip(vmB, "neigh replace " + address + " lladdr " + MAC_A + " dev eth0 nud " + state);
    assertTrue(ip(vmB, "neigh show " + address).contains(MAC_A.toString()));
    neighbourhood.redirect(IpAddress.parse(address));
    await(
        "the neighbour holds the gateway's MAC",
        () -> ip(vmB, "neigh show " + address).contains(GATEWAY.toString()));
  }

  @Test
  void answersForRemoteAddressesAndLeavesTheKernelToGoOn() throws IOException {
    addAtOnce(vmB, "fd0a:10::c/64");
    remote.add(A6);
    ip(lab.fe(), "-6 route add fd0a:10::b/128 dev away");
    resolveFromB();
    await("the kernel's entry", () -> proxies().contains("fd0a:10::b"));

    neighbourhood.close();
    ip(vmB, "neigh flush dev eth0");
    resolveFromB();
    assertUnicastQuestionIsAnswered();

    remote.clear();
    neighbourhood = openNeighbourhood();
    neighbourhood.forgetProxy(A6);
    await("an adopted entry is forgotten", () -> !proxies().contains("fd0a:10::b"));
  }

  private String proxies() throws IOException {
    return ip(lab.fe(), "-6 neigh show proxy dev br0");
  }

  /** Sends a packet to A6, so that B's kernel asks for its MAC. */
  private void resolveFromB() throws IOException {
    vmB.call(
        () -> {
          try (var socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(new byte[1], 1, A6.toInetAddress(), 9));
          }
          return true;
        });
    await(
        "B knows the way to A6",
        () -> ip(vmB, "-6 neigh show fd0a:10::b").contains(GATEWAY.toString()));
  }

  private void assertUnicastQuestionIsAnswered() throws IOException {
    IpAddress b6 = IpAddress.parse("fd0a:10::c");
    try (PacketSocket b = PacketSocket.listen(vmB, "eth0", SocketFilter.announcements(MAC_B), 50)) {
      b.send(NdFrames.unicastSolicitation(MAC_B, b6, GATEWAY, A6));
      byte[] frame = new byte[PacketSocket.MAX_FRAME_BYTES];
      await(
          "an answer from the gateway",
          () -> {
            int length = b.receive(frame);
            var said = AnnouncementParser.parse(frame, length);
            return of(A6, GATEWAY, Evidence.PROBE_ANSWERED).equals(said);
          });
    }
  }

  /** A VM that arrives while everybody still thinks that it is elsewhere. */
  @Test
  void theProxyLeavesDuplicateAddressDetectionAlone() throws IOException {
    addAtOnce(vmB, "fd0a:10::c/64");
    remote.add(A6);
    resolveFromB();
    await("the kernel's entry", () -> proxies().contains("fd0a:10::b"));
    ip(vmA, "addr add fd0a:10::b/64 dev eth0");
    awaitHeard(of(A6, MAC_A, Evidence.DAD_NS));
    await("a verdict on the address", () -> isDecided(addresses(vmA)));
    assertFalse(addresses(vmA).contains("dadfailed"), () -> "A lost its address");
    await("the proxy's end", () -> !proxies().contains("fd0a:10::b"));
  }

  /** What was said of a VM that left is not said again when the VM is back. */
  @Test
  void anAnnouncementEndsTheRepetitionsOfARedirect() throws IOException {
    ip(vmB, "addr add 10.10.1.12/16 dev eth0");
    remote.add(A4);
    neighbourhood.redirect(A4);
    try (PacketSocket vm = PacketSocket.open(vmA, "eth0")) {
      vm.send(ArpFrames.gratuitousRequest(MAC_A, A4));
    }
    awaitHeard(of(A4, MAC_A, Evidence.GRATUITOUS_ARP));
    ip(vmB, "neigh replace 10.10.1.11 lladdr " + MAC_A + " dev eth0 nud reachable");
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    while (System.nanoTime() < end) {
      assertTrue(ip(vmB, "neigh show 10.10.1.11").contains(MAC_A.toString()));
    }
  }

  @Test
  void aRedirectIsRepeated() throws IOException {
    ip(vmB, "addr add 10.10.1.12/16 dev eth0");
    remote.add(A4);
    neighbourhood.redirect(A4);
    for (int repetition = 1; repetition <= 2; repetition++) {
      ip(vmB, "neigh replace 10.10.1.11 lladdr " + MAC_A + " dev eth0 nud reachable");
      await(
          "repetition " + repetition,
          () -> ip(vmB, "neigh show 10.10.1.11").contains(GATEWAY.toString()));
    }
  }

  /** A failed address is shown as tentative for ever. */
  private static boolean isDecided(String shown) {
    return shown.contains("dadfailed") || !shown.contains("tentative");
  }

  /** Also without duplicate address detection, Linux listens to an address a little later. */
  private static void addAtOnce(NetworkNamespace vm, String prefix) throws IOException {
    ip(vm, "addr add " + prefix + " dev eth0 nodad");
    String address = prefix.substring(0, prefix.indexOf('/'));
    await(
        address + " in use",
        () -> ip(vm, "-6 route show table local " + address).contains("local " + address));
  }

  private static String addresses(NetworkNamespace vm) throws IOException {
    return ip(vm, "-6 addr show dev eth0 to fd0a:10::b");
  }

  @Test
  void survivesABridgeThatGoesDownAndOneThatIsMadeAnew() throws IOException {
    ip(lab.fe(), "link set br0 down");
    ip(lab.fe(), "link set br0 up");
    announceUntilHeard();

    ip(lab.fe(), "link del br0");
    lab.addBridge();
    ip(lab.fe(), "link set pa master br0");
    ip(lab.fe(), "link set pb master br0");
    announceUntilHeard();

    ip(vmB, "addr add 10.10.1.12/16 dev eth0");
    ip(vmB, "neigh replace 10.10.1.11 lladdr " + MAC_A + " dev eth0 nud stale");
    neighbourhood.redirect(A4);
    await("B", () -> ip(vmB, "neigh show 10.10.1.11").contains(GATEWAY.toString()));
  }

  private void announceUntilHeard() throws IOException {
    heard.clear();
    try (PacketSocket vm = PacketSocket.open(vmA, "eth0")) {
      await(
          "heard again",
          () -> {
            vm.send(ArpFrames.gratuitousRequest(MAC_A, A4));
            LockSupport.parkNanos(5_000_000); // the pace of the frames
            return !heard.isEmpty();
          });
    }
  }

  @Test
  void aListenerThatThrowsIsCalledAgain() throws IOException {
    neighbourhood.close();
    neighbourhood = openNeighbourhood();
    neighbourhood.listen(
        announcement -> {
          heard.add(announcement);
          throw new IllegalStateException("the listener is broken");
        });
    try (PacketSocket vm = PacketSocket.open(vmA, "eth0")) {
      vm.send(ArpFrames.gratuitousRequest(MAC_A, A4));
      vm.send(ArpFrames.reverseRequest(MAC_A));
    }
    awaitHeard(new Announcement.OfMac(MAC_A, Evidence.RARP));
  }

  @Test
  void closesPromptly() throws IOException {
    long start = System.nanoTime();
    neighbourhood.close();
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertTrue(tookMs < 1000, tookMs + " ms");
    assertEquals(0, heard.stream().filter(a -> names(a, A4)).count());
  }
}
