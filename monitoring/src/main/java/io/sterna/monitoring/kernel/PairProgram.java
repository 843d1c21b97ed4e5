package io.sterna.monitoring.kernel;

import static io.sterna.linux.BpfAssembler.FP;

import io.sterna.linux.Bpf;
import io.sterna.linux.BpfAssembler;
import io.sterna.linux.BpfAssembler.Do;
import io.sterna.linux.BpfAssembler.If;
import io.sterna.linux.BpfAssembler.Size;
import java.nio.ByteOrder;

/**
 * The program that counts a packet. It changes nothing of it and lets it go on in every case.
 *
 * <pre>
 * key = (way in, source, destination), made in place from the IP header on the stack:
 *
 *   IPv4 header  .. | checksum etc.  | source | destination |
 *   IPv6 header  .. | length, next.. | source | destination |
 *                     way in           12 or 36 bytes in all
 * </pre>
 *
 * <p>What is counted is IP: the length that the header says, but no more than the frame holds, so
 * neither Ethernet's header nor its padding. A segment that the card or the kernel will cut later
 * (GSO) counts as the packets that it will become, each with its own headers.
 *
 * <p>There are two maps a family. Which one is written is one word that the reader flips: a packet
 * is counted in exactly one of them. If its map is full, it is counted as missed.
 */
final class PairProgram {
  static final int KEY_BYTES_V4 = 4 + 4 + 4;
  static final int KEY_BYTES_V6 = 4 + 16 + 16;

  /** Bytes, then packets. */
  static final int VALUE_BYTES = 16;

  /** In the value of the totals: packets that are no IP, then those that found their map full. */
  static final int TOTALS_OTHER = 0;

  static final int TOTALS_MISSED = 16;
  static final int TOTALS_BYTES = 32;

  private static final int ETHERNET_BYTES = 14;
  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int UDP_BYTES = 8;

  /** Where in the TCP header the upper half of a byte says its length in words. */
  private static final int TCP_LENGTH_AT = 12;

  /** In struct __sk_buff. */
  private static final int CONTEXT_LENGTH = 0;

  private static final int CONTEXT_PROTOCOL = 16;
  private static final int CONTEXT_GSO_SIZE = 176;

  /** As the kernel keeps them: network order in the machine's word. */
  private static final int ETHERTYPE_IPV4 = networkOrder(0x0800);

  private static final int ETHERTYPE_IPV6 = networkOrder(0x86dd);

  /** The header ends where the stack begins, for both families. */
  private static final int IPV4_AT = -IPV4_BYTES;

  private static final int IPV6_AT = -IPV6_BYTES;
  private static final int ONE_BYTE_AT = -48;
  private static final int NEW_VALUE_AT = -64;

  private static final int ERROR_EXISTS = -17;
  private static final int UPDATE_ONLY_NEW = 1;

  private static final int CONTEXT = 6;
  private static final int BYTES = 7;

  /** First what the header says, then the length of the IP header. */
  private static final int LENGTH = 8;

  private static final int PACKETS = 9;

  private final BpfAssembler code = new BpfAssembler();
  private final PairMaps maps;
  private final int wayIn;

  private PairProgram(PairMaps maps, int wayIn) {
    this.maps = maps;
    this.wayIn = wayIn;
  }

  /** The program for packets that came this way. */
  static byte[] assemble(PairMaps maps, WayIn wayIn) {
    return new PairProgram(maps, wayIn.code()).assemble();
  }

  private byte[] assemble() {
    code.setFrom(CONTEXT, Do.MOVE, 1);
    code.load(Size.WORD, BYTES, CONTEXT, CONTEXT_LENGTH);
    code.set(PACKETS, Do.MOVE, 1);
    code.load(Size.WORD, 2, CONTEXT, CONTEXT_PROTOCOL);
    code.jumpIf(2, If.EQUAL, ETHERTYPE_IPV4, "v4");
    code.jumpIf(2, If.EQUAL, ETHERTYPE_IPV6, "v6");
    code.label("other");
    addToTotals(TOTALS_OTHER);
    code.jump("end");
    code.label("missed");
    addToTotals(TOTALS_MISSED);
    code.label("end").set(0, Do.MOVE, Bpf.NEXT).exit();
    v4();
    v6();
    return code.toBytes();
  }

  private void v4() {
    code.label("v4");
    loadHeader(IPV4_AT, IPV4_BYTES);
    code.load(Size.HALF, LENGTH, FP, IPV4_AT + 2).fromBig16(LENGTH);
    code.load(Size.WORD, 2, CONTEXT, CONTEXT_GSO_SIZE);
    code.jumpIf(2, If.EQUAL, 0, "v4.whole");
    code.load(Size.BYTE, LENGTH, FP, IPV4_AT);
    code.set(LENGTH, Do.AND, 0x0f).set(LENGTH, Do.SHIFT_LEFT, 2);
    code.load(Size.BYTE, PACKETS, FP, IPV4_AT + 9);
    segments("v4");
    code.label("v4.whole");
    cutPadding("v4", IPV4_BYTES);
    code.label("v4.count");
    count("v4", KEY_BYTES_V4, maps.v4());
  }

  private void v6() {
    code.label("v6");
    loadHeader(IPV6_AT, IPV6_BYTES);
    code.load(Size.WORD, 2, CONTEXT, CONTEXT_GSO_SIZE);
    code.jumpIf(2, If.EQUAL, 0, "v6.whole");
    code.set(LENGTH, Do.MOVE, IPV6_BYTES);
    code.load(Size.BYTE, PACKETS, FP, IPV6_AT + 6);
    segments("v6");
    code.label("v6.whole");
    code.load(Size.HALF, LENGTH, FP, IPV6_AT + 4).fromBig16(LENGTH);
    code.jumpIf(LENGTH, If.EQUAL, 0, "v6.count"); // a jumbogram
    code.set(LENGTH, Do.ADD, IPV6_BYTES);
    cutPadding("v6", IPV6_BYTES);
    code.label("v6.count");
    count("v6", KEY_BYTES_V6, maps.v6());
  }

  private void loadHeader(int at, int length) {
    code.setFrom(1, Do.MOVE, CONTEXT).set(2, Do.MOVE, ETHERNET_BYTES);
    code.setFrom(3, Do.MOVE, FP).set(3, Do.ADD, at).set(4, Do.MOVE, length);
    code.call(BpfAssembler.PACKET_LOAD_BYTES);
    code.jumpIf(0, If.NOT_EQUAL, 0, "other");
    code.set(BYTES, Do.SUBTRACT, ETHERNET_BYTES);
  }

  /** The header's length counts unless it is nonsense. */
  private void cutPadding(String family, int headerBytes) {
    code.jumpIf(LENGTH, If.LESS, headerBytes, family + ".count");
    code.jumpIfFrom(LENGTH, If.GREATER, BYTES, family + ".count");
    code.setFrom(BYTES, Do.MOVE, LENGTH);
  }

  /**
   * Packets and bytes of what will be cut: {@code LENGTH} is that of its IP header, {@code PACKETS}
   * still its protocol. The kernel's own count of segments is not there if a VM sent it.
   */
  private void segments(String family) {
    code.jumpIf(PACKETS, If.EQUAL, TCP, family + ".tcp");
    code.set(0, Do.MOVE, 0).jumpIf(PACKETS, If.NOT_EQUAL, UDP, family + ".headers");
    code.set(0, Do.MOVE, UDP_BYTES).jump(family + ".headers");
    code.label(family + ".tcp");
    code.setFrom(1, Do.MOVE, CONTEXT);
    code.setFrom(2, Do.MOVE, LENGTH).set(2, Do.ADD, ETHERNET_BYTES + TCP_LENGTH_AT);
    code.setFrom(3, Do.MOVE, FP).set(3, Do.ADD, ONE_BYTE_AT).set(4, Do.MOVE, 1);
    code.call(BpfAssembler.PACKET_LOAD_BYTES);
    code.jumpIf(0, If.NOT_EQUAL, 0, "other");
    code.load(Size.BYTE, 0, FP, ONE_BYTE_AT);
    code.set(0, Do.SHIFT_RIGHT, 4).set(0, Do.SHIFT_LEFT, 2);
    code.label(family + ".headers");
    code.setFrom(0, Do.ADD, LENGTH).set(PACKETS, Do.MOVE, 1);
    code.jumpIfFrom(0, If.GREATER, BYTES, family + ".count");
    code.load(Size.WORD, 2, CONTEXT, CONTEXT_GSO_SIZE);
    code.setFrom(PACKETS, Do.MOVE, BYTES).setFrom(PACKETS, Do.SUBTRACT, 0);
    code.setFrom(PACKETS, Do.ADD, 2).set(PACKETS, Do.SUBTRACT, 1);
    code.setFrom(PACKETS, Do.DIVIDE, 2);
    code.setFrom(1, Do.MOVE, PACKETS).set(1, Do.SUBTRACT, 1);
    code.setFrom(1, Do.MULTIPLY, 0).setFrom(BYTES, Do.ADD, 1);
    code.jump(family + ".count");
  }

  private void count(String family, int keyBytes, int[] generations) {
    code.storeValue(Size.WORD, FP, -keyBytes, wayIn);
    code.mapValue(1, maps.generation(), 0).load(Size.WORD, 1, 1, 0);
    code.jumpIf(1, If.NOT_EQUAL, 0, family + ".odd");
    add(family + ".even", keyBytes, generations[0]);
    code.label(family + ".odd");
    add(family + ".odd", keyBytes, generations[1]);
  }

  private void add(String prefix, int keyBytes, int map) {
    lookUp(keyBytes, map);
    code.jumpIf(0, If.NOT_EQUAL, 0, prefix + ".add");
    code.store(Size.DOUBLE, FP, NEW_VALUE_AT, BYTES);
    code.store(Size.DOUBLE, FP, NEW_VALUE_AT + 8, PACKETS);
    code.map(1, map).setFrom(2, Do.MOVE, FP).set(2, Do.ADD, -keyBytes);
    code.setFrom(3, Do.MOVE, FP).set(3, Do.ADD, NEW_VALUE_AT).set(4, Do.MOVE, UPDATE_ONLY_NEW);
    code.call(BpfAssembler.MAP_UPDATE);
    code.jumpIf(0, If.EQUAL, 0, "end");
    code.jumpIf(0, If.NOT_EQUAL, ERROR_EXISTS, "missed");
    lookUp(keyBytes, map); // another core was first
    code.jumpIf(0, If.EQUAL, 0, "missed");
    code.label(prefix + ".add");
    code.atomicAdd(0, 0, BYTES).atomicAdd(0, 8, PACKETS).jump("end");
  }

  private void lookUp(int keyBytes, int map) {
    code.map(1, map).setFrom(2, Do.MOVE, FP).set(2, Do.ADD, -keyBytes);
    code.call(BpfAssembler.MAP_LOOKUP);
  }

  private void addToTotals(int at) {
    code.mapValue(1, maps.totalsFd(), at);
    code.atomicAdd(1, 0, BYTES).atomicAdd(1, 8, PACKETS);
  }

  private static int networkOrder(int value) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    return little ? Short.reverseBytes((short) value) & 0xffff : value;
  }
}
