package io.sterna.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a BPF program, one instruction a call, jumps by label (RFC 9669).
 *
 * <p>{@code r1} to {@code r5} carry arguments and are lost in a call, {@code r0} is its result,
 * {@code r6} to {@code r9} outlive it, {@link #FP} is the frame pointer.
 */
public final class BpfAssembler {
  /** The frame pointer: the stack lies below it. */
  public static final int FP = 10;

  /** {@code bpf_map_lookup_elem(map, key)}: a pointer to the value, or null. */
  public static final int MAP_LOOKUP = 1;

  /** {@code bpf_map_update_elem(map, key, value, flags)}: 0 or a negative error. */
  public static final int MAP_UPDATE = 2;

  /** {@code bpf_skb_load_bytes(context, offset, to, length)}: 0 or a negative error. */
  public static final int PACKET_LOAD_BYTES = 26;

  /** What a jump compares. The operand is unsigned unless it is for equality. */
  public enum If {
    /** Equal. */
    EQUAL(0x10),
    /** Not equal. */
    NOT_EQUAL(0x50),
    /** Greater. */
    GREATER(0x20),
    /** Less. */
    LESS(0xa0);

    private final int bits;

    If(int bits) {
      this.bits = bits;
    }
  }

  /** Arithmetic over 64 bits. */
  public enum Do {
    /** Assign. */
    MOVE(0xb0),
    /** Add. */
    ADD(0x00),
    /** Subtract. */
    SUBTRACT(0x10),
    /** Multiply. */
    MULTIPLY(0x20),
    /** Divide, unsigned; by zero gives zero. */
    DIVIDE(0x30),
    /** Bitwise and. */
    AND(0x50),
    /** Shift left. */
    SHIFT_LEFT(0x60),
    /** Shift right, unsigned. */
    SHIFT_RIGHT(0x70);

    private final int bits;

    Do(int bits) {
      this.bits = bits;
    }
  }

  /** How much a load or store moves. */
  public enum Size {
    /** 1 byte. */
    BYTE(0x10),
    /** 2 bytes. */
    HALF(0x08),
    /** 4 bytes. */
    WORD(0x00),
    /** 8 bytes. */
    DOUBLE(0x18);

    private final int bits;

    Size(int bits) {
      this.bits = bits;
    }
  }

  static final int INSTRUCTION_BYTES = 8;

  private static final int PSEUDO_MAP_FD = 1;
  private static final int PSEUDO_MAP_VALUE = 2;

  private record Jump(int at, String label) {}

  private record Instruction(int code, int destination, int source, int offset, int operand) {}

  private final List<Instruction> program = new ArrayList<>();
  private final Map<String, Integer> labels = new HashMap<>();
  private final List<Jump> jumps = new ArrayList<>();

  /** The next instruction is where jumps to this label lead. */
  public BpfAssembler label(String name) {
    if (labels.put(name, program.size()) != null) {
      throw new IllegalArgumentException("label " + name + " stands twice");
    }
    return this;
  }

  /** {@code destination = destination op value}. */
  public BpfAssembler set(int destination, Do op, int value) {
    return add(0x07 | op.bits, destination, 0, 0, value);
  }

  /** {@code destination = destination op source}. */
  public BpfAssembler setFrom(int destination, Do op, int source) {
    return add(0x0f | op.bits, destination, source, 0, 0);
  }

  /** Turns two bytes of network order into a number. */
  public BpfAssembler fromBig16(int register) {
    return add(0xdc, register, 0, 0, 16);
  }

  /** {@code destination = *(source + offset)}, the upper bits zero. */
  public BpfAssembler load(Size size, int destination, int source, int offset) {
    return add(0x61 | size.bits, destination, source, offset, 0);
  }

  /** {@code *(destination + offset) = source}. */
  public BpfAssembler store(Size size, int destination, int offset, int source) {
    return add(0x63 | size.bits, destination, source, offset, 0);
  }

  /** {@code *(destination + offset) = value}. */
  public BpfAssembler storeValue(Size size, int destination, int offset, int value) {
    return add(0x62 | size.bits, destination, 0, offset, value);
  }

  /** {@code *(destination + offset) += source}, 8 bytes, in one step that no other core splits. */
  public BpfAssembler atomicAdd(int destination, int offset, int source) {
    return add(0xdb, destination, source, offset, 0);
  }

  /** {@code register = the map}, as an argument for the map functions. */
  public BpfAssembler map(int register, int mapFd) {
    add(0x18, register, PSEUDO_MAP_FD, 0, mapFd);
    return add(0, 0, 0, 0, 0);
  }

  /** {@code register = pointer} into the value of an array map with one element. */
  public BpfAssembler mapValue(int register, int mapFd, int offset) {
    add(0x18, register, PSEUDO_MAP_VALUE, 0, mapFd);
    return add(0, 0, 0, 0, offset);
  }

  /** Goes on at the label. */
  public BpfAssembler jump(String label) {
    jumps.add(new Jump(program.size(), label));
    return add(0x05, 0, 0, 0, 0);
  }

  /** Goes on at the label if the register compares so with the value. */
  public BpfAssembler jumpIf(int register, If condition, int value, String label) {
    jumps.add(new Jump(program.size(), label));
    return add(0x05 | condition.bits, register, 0, 0, value);
  }

  /** Goes on at the label if the register compares so with the other. */
  public BpfAssembler jumpIfFrom(int register, If condition, int other, String label) {
    jumps.add(new Jump(program.size(), label));
    return add(0x0d | condition.bits, register, other, 0, 0);
  }

  /** Calls a function of the kernel. */
  public BpfAssembler call(int function) {
    return add(0x85, 0, 0, 0, function);
  }

  /** Ends the program; its result is {@code r0}. */
  public BpfAssembler exit() {
    return add(0x95, 0, 0, 0, 0);
  }

  /**
   * The program as the kernel reads it: an array of struct bpf_insn.
   *
   * @throws IllegalStateException if a jump leads to no label, or too far
   */
  public byte[] toBytes() {
    ByteBuffer bytes =
        ByteBuffer.allocate(program.size() * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    for (Instruction each : resolved()) {
      int registers =
          little
              ? each.source << 4 | each.destination
              : each.destination << 4 | each.source; // bit fields follow the byte order
      bytes.put((byte) each.code).put((byte) registers);
      bytes.putShort((short) each.offset).putInt(each.operand);
    }
    return bytes.array();
  }

  private List<Instruction> resolved() {
    List<Instruction> resolved = new ArrayList<>(program);
    for (Jump jump : jumps) {
      Integer target = labels.get(jump.label());
      if (target == null) {
        throw new IllegalStateException("no label " + jump.label());
      }
      int distance = target - jump.at() - 1;
      if (distance != (short) distance) {
        throw new IllegalStateException(jump.label() + " is too far away");
      }
      Instruction open = program.get(jump.at());
      resolved.set(
          jump.at(),
          new Instruction(open.code, open.destination, open.source, distance, open.operand));
    }
    return resolved;
  }

  private BpfAssembler add(int code, int destination, int source, int offset, int operand) {
    program.add(new Instruction(code, destination, source, offset, operand));
    return this;
  }
}
