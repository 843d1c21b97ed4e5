package io.sterna.agent.linux;

import com.sun.jna.Memory;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.MacAddress;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A classic BPF program that runs in the kernel for every frame or message of a socket, so that
 * only what matters wakes the listener: at a bridge that is one frame in many thousands.
 */
final class SocketFilter {
  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_HALF = 0x28;
  private static final int LOAD_BYTE = 0x30;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int INSTRUCTION_BYTES = 8;

  /** SKF_AD_OFF + SKF_AD_VLAN_TAG_PRESENT: the kernel keeps the tag outside of the frame. */
  private static final int VLAN_TAG_PRESENT = -0x1000 + 48;

  private static final int WHOLE_FRAME = 0x4_0000;

  /**
   * One instruction.
   *
   * @param ifTrue how many instructions a jump skips if its condition holds
   * @param ifFalse the same if not
   * @param operand the value compared, loaded from or returned
   */
  private record Instruction(int code, int ifTrue, int ifFalse, int operand) {}

  private final List<Instruction> program;

  private SocketFilter(List<Instruction> program) {
    this.program = program;
  }

  /**
   * Passes untagged ARP, RARP, and neighbour solicitations and advertisements directly behind the
   * IPv6 header, unless they come from this card: what the forwarding element itself said.
   */
  static SocketFilter announcements(MacAddress ownMac) {
    int ownHigh = (int) (ownMac.bits() >>> 16);
    int ownLow = (int) ownMac.bits() & 0xffff;
    return new SocketFilter(
        List.of(
            new Instruction(LOAD_WORD, 0, 0, VLAN_TAG_PRESENT),
            new Instruction(JUMP_IF_EQUAL, 0, 14, 0),
            new Instruction(LOAD_WORD, 0, 0, 6), // Ethernet source
            new Instruction(JUMP_IF_EQUAL, 0, 2, ownHigh),
            new Instruction(LOAD_HALF, 0, 0, 10),
            new Instruction(JUMP_IF_EQUAL, 10, 0, ownLow),
            new Instruction(LOAD_HALF, 0, 0, 12), // EtherType
            new Instruction(JUMP_IF_EQUAL, 7, 0, 0x0806), // ARP
            new Instruction(JUMP_IF_EQUAL, 6, 0, 0x8035), // RARP
            new Instruction(JUMP_IF_EQUAL, 0, 6, 0x86dd), // IPv6
            new Instruction(LOAD_BYTE, 0, 0, 20), // next header
            new Instruction(JUMP_IF_EQUAL, 0, 4, 58), // ICMPv6
            new Instruction(LOAD_BYTE, 0, 0, 54), // ICMPv6 type
            new Instruction(JUMP_IF_EQUAL, 1, 0, 135), // solicitation
            new Instruction(JUMP_IF_EQUAL, 0, 1, 136), // advertisement
            new Instruction(RETURN, 0, 0, WHOLE_FRAME),
            new Instruction(RETURN, 0, 0, 0)));
  }

  /**
   * Passes what {@link ParkingWatch} listens for among neighbour events: the kernel's questions,
   * and what bridges learn.
   */
  static SocketFilter parkedNeighbours() {
    return new SocketFilter(
        List.of(
            new Instruction(LOAD_HALF, 0, 0, 4), // message type, in the machine's byte order
            new Instruction(JUMP_IF_EQUAL, 3, 0, networkOrder(Rtnetlink.RTM_GETNEIGH)),
            new Instruction(JUMP_IF_EQUAL, 0, 3, networkOrder(Rtnetlink.RTM_NEWNEIGH)),
            new Instruction(LOAD_BYTE, 0, 0, 16), // family
            new Instruction(JUMP_IF_EQUAL, 0, 1, Rtnetlink.AF_BRIDGE),
            new Instruction(RETURN, 0, 0, WHOLE_FRAME),
            new Instruction(RETURN, 0, 0, 0)));
  }

  /** A loaded half word is taken as big-endian. */
  private static int networkOrder(int value) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    return (little ? Short.reverseBytes((short) value) : (short) value) & 0xffff;
  }

  /** The argument of SO_ATTACH_FILTER: a struct sock_fprog that points to the program. */
  Memory toSockFprog() {
    SockFprog sockFprog = new SockFprog(toMemory());
    sockFprog.clear();
    sockFprog.setShort(0, (short) program.size());
    sockFprog.setPointer(8, sockFprog.program);
    return sockFprog;
  }

  /** Keeps the program in memory as long as whoever points to it. */
  private static final class SockFprog extends Memory {
    private final Memory program;

    SockFprog(Memory program) {
      super(16);
      this.program = program;
    }
  }

  /** The program as the kernel reads it: an array of struct sock_filter. */
  private Memory toMemory() {
    Memory memory = new Memory((long) program.size() * INSTRUCTION_BYTES);
    long offset = 0;
    for (Instruction instruction : program) {
      memory.setShort(offset, (short) instruction.code());
      memory.setByte(offset + 2, (byte) instruction.ifTrue());
      memory.setByte(offset + 3, (byte) instruction.ifFalse());
      memory.setInt(offset + 4, instruction.operand());
      offset += INSTRUCTION_BYTES;
    }
    return memory;
  }
}
