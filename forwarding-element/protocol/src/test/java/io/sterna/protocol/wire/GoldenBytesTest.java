package io.sterna.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.Members;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.SouthboundMessage.Welcome;
import io.sterna.protocol.TrafficEntry;
import io.sterna.protocol.VmUse;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of every message type, written by hand from the layout, against the codec. */
class GoldenBytesTest {
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final ChainHash HASH_0 = hash(0);
  private static final ChainHash HASH_32 = hash(32);
  private static final RangeId RANGE_V4 = RangeId.parse("10.10.16.0/20");
  private static final RangeId RANGE_V6 = RangeId.parse("fd0a:10::1000/116");
  private static final RangePosition AT_300 = new RangePosition(RANGE_V4, 3, 300, HASH_0);
  private static final RangePosition AT_0 = new RangePosition(RANGE_V6, 1, 0, ChainHash.GENESIS);

  private static final Map<String, SouthboundMessage> MESSAGES = messages();

  /** What is sent: of version 3 what that has, else of version 1. */
  private static Map<String, byte[]> golden() {
    Map<String, byte[]> golden = GoldenFile.read("golden-v1.txt");
    golden.putAll(GoldenFile.read("golden-v3.txt"));
    return golden;
  }

  @ParameterizedTest
  @ValueSource(strings = {"golden-v1.txt", "golden-v2.txt"})
  void whatWasSentBeforeIsReadAsEver(String file) throws Exception {
    for (Map.Entry<String, byte[]> old : GoldenFile.read(file).entrySet()) {
      assertEquals(MESSAGES.get(old.getKey()), WireCodec.decodeBody(old.getValue()), old.getKey());
    }
  }

  @TestFactory
  Stream<DynamicTest> bytesAreFixed() {
    Map<String, byte[]> golden = golden();
    assertEquals(MESSAGES.keySet(), golden.keySet());
    return MESSAGES.entrySet().stream()
        .map(
            entry ->
                dynamicTest(
                    entry.getKey(),
                    () ->
                        check(entry.getValue(), golden.getOrDefault(entry.getKey(), new byte[0]))));
  }

  private static void check(SouthboundMessage message, byte[] body) throws Exception {
    byte[] frame = ByteBuffer.allocate(4 + body.length).putInt(body.length).put(body).array();
    HexFormat hex = HexFormat.of();
    assertEquals(hex.formatHex(frame), hex.formatHex(WireCodec.encodeFrame(message)));
    assertEquals(message, WireCodec.decodeBody(body));
  }

  @Test
  void everyTypeHasGoldenBytes() {
    Set<Class<?>> covered =
        MESSAGES.values().stream().map(Object::getClass).collect(Collectors.toSet());
    assertEquals(leaves(SouthboundMessage.class).collect(Collectors.toSet()), covered);
  }

  @Test
  void decodingLeavesTheBufferAlone() throws Exception {
    for (byte[] body : golden().values()) {
      byte[] copy = body.clone();
      WireCodec.decodeBody(copy);
      assertArrayEquals(body, copy);
    }
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(GoldenBytesTest::leaves)
        : Stream.of(type);
  }

  private static Map<String, SouthboundMessage> messages() {
    Map<String, SouthboundMessage> all = new LinkedHashMap<>();
    sessions(all);
    claims(all);
    feeds(all);
    traffic(all);
    migrations(all);
    vms(all);
    return all;
  }

  private static void sessions(Map<String, SouthboundMessage> all) {
    all.put("hello", new Hello(FE1, "sterna/0.1.0", List.of(AT_300, AT_0)));
    all.put(
        "welcome",
        new Welcome(
            new ControllerId("c1"),
            List.of(
                new ControllerEndpoint(new ControllerId("c1"), "127.0.0.1", 4780),
                new ControllerEndpoint(new ControllerId("c2"), "c2.examplé", 65_535)),
            List.of(
                new FeEndpoint(FE1, new SiteId("site1"), IpAddress.parse("172.16.1.1")),
                new FeEndpoint(FE2, new SiteId("site2"), IpAddress.parse("fd16::1"))),
            List.of(RangeId.parse("10.10.0.0/20"), RangeId.parse("fd0a:10::/116"))));
    all.put(
        "members",
        new Members(List.of(new ControllerEndpoint(new ControllerId("c3"), "::1.org", 1))));
    all.put("heartbeat", new Heartbeat(Long.MAX_VALUE));
    all.put("heartbeat-negative", new Heartbeat(-1));
  }

  private static void claims(Map<String, SouthboundMessage> all) {
    IpAddress v4 = IpAddress.parse("10.10.1.11");
    IpAddress v6 = IpAddress.parse("fd0a:10::10b");
    MacAddress mac = MacAddress.parse("02:50:00:41:01:0b");
    MacAddress otherMac = MacAddress.parse("02:50:00:41:01:ff");
    all.put("claim-v4", new Claim(7, v4, otherMac, 128, Evidence.GRATUITOUS_ARP));
    all.put("claim-v6", new Claim(16_384, v6, mac, 0, Evidence.DAD_NS));
    all.put("claim-silent", new Claim(7, v4, otherMac, 3, Evidence.PROBE_UNANSWERED));
    all.put("claim-accepted-v4", new ClaimAccepted(7, new Binding(v4, FE2, mac, 2)));
    all.put("claim-accepted-v6", new ClaimAccepted(7, new Binding(v6, FE2, mac, 2)));
    all.put("claim-rejected", new ClaimRejected(7, RejectReason.STALE, 300));
    all.put("claim-rejected-damped", new ClaimRejected(7, RejectReason.DAMPED, 3));
  }

  private static void feeds(Map<String, SouthboundMessage> all) {
    Binding first = binding("10.10.16.1", FE1, 1, 1);
    Binding firstV6 = binding("fd0a:10::1001", FE1, 1, 1);
    all.put("applied", new Applied(List.of(AT_300, AT_0)));
    all.put("resync-requested-v4", new ResyncRequested(RANGE_V4));
    all.put("resync-requested-v6", new ResyncRequested(RANGE_V6));
    all.put(
        "delta-v4",
        new Delta(
            298,
            HASH_32,
            AT_300,
            List.of(first, binding("10.10.16.2", FE2, 2, 2), binding("10.10.16.3", FE1, 3, 3))));
    all.put(
        "delta-scattered",
        new Delta(
            298,
            HASH_32,
            AT_300,
            List.of(
                first,
                binding("10.10.17.200", FE1, 0x7f, 300),
                binding("10.10.17.201", FE1, 0x7f, 5))));
    all.put(
        "delta-v6",
        new Delta(
            0,
            ChainHash.GENESIS,
            new RangePosition(RANGE_V6, 1, 2, HASH_32),
            List.of(firstV6, binding("fd0a:10::1002", FE1, 2, 1))));
    all.put(
        "delta-released",
        new Delta(
            2,
            ChainHash.GENESIS,
            new RangePosition(RANGE_V6, 1, 3, HASH_32),
            List.of(firstV6.released())));
    all.put(
        "delta-empty",
        new Delta(300, HASH_0, new RangePosition(RANGE_V4, 4, 300, HASH_0), List.of()));
    all.put("snapshot-v4", new Snapshot(AT_300, 0, false, List.of(first)));
    all.put("snapshot-v6", new Snapshot(AT_0, 300, true, List.of(firstV6)));
  }

  private static void traffic(Map<String, SouthboundMessage> all) {
    IpPrefix vm = IpPrefix.parse("10.10.1.11/32");
    IpPrefix outside = IpPrefix.parse("198.51.100.0/24");
    IpPrefix vmV6 = IpPrefix.parse("fd0a:10::10b/128");
    all.put(
        "traffic-report-v4",
        new TrafficReport(
            1,
            300,
            0,
            false,
            10_000,
            List.of(new TrafficEntry(vm, outside, Optional.empty(), 1_500, 1))));
    all.put(
        "traffic-report-v6",
        new TrafficReport(
            -1,
            Long.MAX_VALUE,
            300,
            true,
            1,
            List.of(
                new TrafficEntry(
                    vmV6, IpPrefix.parse("::/0"), Optional.empty(), Long.MAX_VALUE, 128),
                new TrafficEntry(vmV6, vmV6, Optional.of(FE2), 0, 0),
                new TrafficEntry(vmV6, vmV6, Optional.of(FE1), 0, 0),
                new TrafficEntry(vmV6, vmV6, Optional.of(FE2), 0, 0))));
    all.put("traffic-report-empty", new TrafficReport(1, 0, 0, true, 10_000, List.of()));
    all.put("traffic-acknowledged", new TrafficAcknowledged(1, 300, 2));
  }

  private static void migrations(Map<String, SouthboundMessage> all) {
    OperationId operation = new OperationId("p1-2");
    all.put(
        "migration-command-v4",
        new MigrationCommand(
            new Migration(operation, IpAddress.parse("10.10.1.11"), FE1, FE2),
            MigrationPhase.MOVE,
            "a:1"));
    all.put(
        "migration-command-v6",
        new MigrationCommand(
            new Migration(operation, IpAddress.parse("fd0a:10::10b"), FE2, FE1),
            MigrationPhase.CANCEL,
            ""));
    all.put(
        "migration-report",
        new MigrationReport(
            operation, MigrationPhase.MOVE, MigrationState.COPYING, 300, Long.MAX_VALUE, ""));
    all.put(
        "migration-report-failed",
        new MigrationReport(
            operation, MigrationPhase.PREPARE, MigrationState.FAILED, 0, 0, "no room"));
  }

  private static void vms(Map<String, SouthboundMessage> all) {
    all.put(
        "vm-report",
        new VmReport(
            30_000,
            List.of(
                new VmUse(IpAddress.parse("10.10.1.11"), 2_048, 10_000),
                new VmUse(IpAddress.parse("fd0a:10::1:11"), 1, 0))));
    all.put("vm-report-empty", new VmReport(1, List.of()));
  }

  private static Binding binding(String address, FeId fe, int lastMacByte, long version) {
    MacAddress mac = new MacAddress(0x025000410000L | lastMacByte);
    return new Binding(IpAddress.parse(address), fe, mac, version);
  }

  private static ChainHash hash(int first) {
    byte[] bytes = new byte[ChainHash.BYTES];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (first + i));
    return ChainHash.ofBytes(bytes);
  }
}
