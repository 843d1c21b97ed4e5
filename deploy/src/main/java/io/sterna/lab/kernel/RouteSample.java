package io.sterna.lab.kernel;

import com.sun.jna.Memory;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/**
 * Which notices of IPv4 routes a monitor is given by the kernel: whoever hears all of a table that
 * changes at full speed is too slow, loses some, and hears the others late.
 *
 * @param all every route of this prefix
 * @param oneIn and of the others those whose address is a multiple of this, a power of two
 */
public record RouteSample(IpPrefix all, int oneIn) {
  private static final IpPrefix NONE = IpPrefix.parse("255.255.255.255/32");
  private static final int BITS = 32;
  private static final int INSTRUCTION_BYTES = 8;
  private static final int MESSAGE_BYTES = 16 + 12;
  private static final int RTA_DST = 1;

  // linux/filter.h and linux/bpf_common.h.
  private static final int LOAD_X_CONSTANT = 0x01;
  private static final int LOAD_CONSTANT = 0x00;
  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_WORD_AT_X = 0x40;
  private static final int TO_X = 0x07;
  private static final int AND = 0x54;
  private static final int JUMP_IF_EQUAL = 0x15;
  private static final int RETURN = 0x06;
  private static final int FIND_ATTRIBUTE = 0xffff_f000 + 12;
  private static final int WHOLE = -1;
  private static final int NOTHING = 0;

  /**
   * @throws IllegalArgumentException if that is no IPv4 prefix or no power of two
   */
  public RouteSample {
    if (!all.address().isV4() || Integer.bitCount(oneIn) != 1) {
      throw new IllegalArgumentException("no sample: " + all + ", one in " + oneIn);
    }
  }

  /** Of no network every route: one in so many of all. */
  public static RouteSample everywhere(int oneIn) {
    return new RouteSample(NONE, oneIn);
  }

  /** Whether the notice of a route to this address is given. */
  public boolean holds(IpAddress address) {
    return all.contains(address) || (address.low() & (oneIn - 1)) == 0;
  }

  /** One {@code struct sock_filter}. */
  private record Instruction(int code, int ifTrue, int ifFalse, int constant) {
    static Instruction of(int code, int constant) {
      return new Instruction(code, 0, 0, constant);
    }
  }

  /**
   * The program of the classic packet filter that says the same; a message starts at its header.
   */
  private List<Instruction> program() {
    int mask = all.length() == 0 ? 0 : -1 << (BITS - all.length());
    List<Instruction> program = new ArrayList<>();
    program.add(Instruction.of(LOAD_X_CONSTANT, RTA_DST));
    program.add(Instruction.of(LOAD_CONSTANT, MESSAGE_BYTES));
    program.add(Instruction.of(LOAD_WORD, FIND_ATTRIBUTE));
    program.add(new Instruction(JUMP_IF_EQUAL, 8, 0, 0));
    program.add(Instruction.of(TO_X, 0));
    program.add(Instruction.of(LOAD_WORD_AT_X, Integer.BYTES));
    program.add(Instruction.of(AND, mask));
    program.add(new Instruction(JUMP_IF_EQUAL, 3, 0, (int) all.address().low()));
    program.add(Instruction.of(LOAD_WORD_AT_X, Integer.BYTES));
    program.add(Instruction.of(AND, oneIn - 1));
    program.add(new Instruction(JUMP_IF_EQUAL, 0, 1, 0));
    program.add(Instruction.of(RETURN, WHOLE));
    program.add(Instruction.of(RETURN, NOTHING));
    return program;
  }

  /** The program in memory, as many instructions as fit. */
  Memory instructions() {
    List<Instruction> program = program();
    Memory memory = new Memory((long) program.size() * INSTRUCTION_BYTES);
    long at = 0;
    for (Instruction each : program) {
      memory.setShort(at, (short) each.code);
      memory.setByte(at + 2, (byte) each.ifTrue);
      memory.setByte(at + 3, (byte) each.ifFalse);
      memory.setInt(at + 4, each.constant);
      at += INSTRUCTION_BYTES;
    }
    return memory;
  }

  /** How many instructions a program in memory has. */
  static int count(Memory instructions) {
    return (int) (instructions.size() / INSTRUCTION_BYTES);
  }
}
