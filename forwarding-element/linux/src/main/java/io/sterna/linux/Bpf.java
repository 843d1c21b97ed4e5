package io.sterna.linux;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The commands of bpf(2) that are needed here. Needs CAP_BPF and CAP_NET_ADMIN, or root. */
public final class Bpf {
  /** Where in the way of a packet a program runs; several may run at one place (Linux 6.6). */
  public enum Hook {
    /** What an interface receives. */
    INGRESS(46),
    /** What is sent on an interface. */
    EGRESS(47);

    private final int attachType;

    Hook(int attachType) {
      this.attachType = attachType;
    }
  }

  /** What a program returns at a hook so that the next one decides. */
  public static final int NEXT = -1;

  /**
   * A loaded program.
   *
   * @param name at most 15 characters
   * @param mapIds the maps it uses
   */
  public record ProgramInfo(String name, List<Integer> mapIds) {}

  /**
   * The shape of a map.
   *
   * @param name at most 15 characters
   * @param keyBytes of one key
   * @param valueBytes of one value
   * @param entries the most
   */
  public record MapInfo(String name, int keyBytes, int valueBytes, int entries) {}

  private static final int MAP_CREATE = 0;
  private static final int MAP_LOOKUP = 1;
  private static final int MAP_UPDATE = 2;
  private static final int PROGRAM_LOAD = 5;
  private static final int PROGRAM_ATTACH = 8;
  private static final int PROGRAM_DETACH = 9;
  private static final int PROGRAM_FD_BY_ID = 13;
  private static final int MAP_FD_BY_ID = 14;
  private static final int INFO_BY_FD = 15;
  private static final int PROGRAM_QUERY = 16;

  private static final int MAP_TYPE_HASH = 1;
  private static final int MAP_TYPE_ARRAY = 2;
  private static final int MAP_NO_PREALLOCATION = 1;
  private static final int PROGRAM_TYPE_SCHED_CLS = 3;
  private static final int ATTACH_REPLACE = 4;

  private static final int NAME_BYTES = 16;
  private static final int LOG_BYTES = 1 << 18;
  private static final int MAX_ATTACHED = 64;
  private static final int MAX_MAPS = 64;
  private static final int MEMBARRIER_GLOBAL = 1;
  private static final int MEMBARRIER_QUERY = 0;
  private static final int ATTRIBUTES_BYTES = 128;

  private static final boolean ARM = System.getProperty("os.arch").equals("aarch64");
  private static final NativeLong SYS_BPF = new NativeLong(ARM ? 280 : 321);
  private static final NativeLong SYS_MEMBARRIER = new NativeLong(ARM ? 283 : 324);

  private Bpf() {}

  /**
   * Makes a hash map whose entries take memory only while they exist.
   *
   * @return a file descriptor
   */
  public static int createHash(MapInfo shape) throws IOException {
    return createMap(MAP_TYPE_HASH, shape, MAP_NO_PREALLOCATION);
  }

  /**
   * Makes an array of one zeroed value.
   *
   * @return a file descriptor
   */
  public static int createValue(String name, int valueBytes) throws IOException {
    return createMap(MAP_TYPE_ARRAY, new MapInfo(name, Integer.BYTES, valueBytes, 1), 0);
  }

  private static int createMap(int type, MapInfo shape, int flags) throws IOException {
    try (Memory attributes = attributes()) {
      attributes.setInt(0, type);
      attributes.setInt(4, shape.keyBytes());
      attributes.setInt(8, shape.valueBytes());
      attributes.setInt(12, shape.entries());
      attributes.setInt(16, flags);
      putName(attributes, 28, shape.name());
      return call(MAP_CREATE, attributes, "making the BPF map " + shape.name());
    }
  }

  /**
   * Loads a program for {@link Hook}.
   *
   * @return a file descriptor
   * @throws IOException with the verifier's words if it is refused
   */
  public static int load(String name, byte[] instructions) throws IOException {
    try (Memory program = new Memory(instructions.length);
        Memory license = text("Apache-2.0");
        Memory log = new Memory(LOG_BYTES);
        Memory attributes = attributes()) {
      program.write(0, instructions, 0, instructions.length);
      attributes.setInt(0, PROGRAM_TYPE_SCHED_CLS);
      attributes.setInt(4, instructions.length / BpfAssembler.INSTRUCTION_BYTES);
      attributes.setPointer(8, program);
      attributes.setPointer(16, license);
      putName(attributes, 48, name);
      String what = "loading the BPF program " + name;
      try {
        return call(PROGRAM_LOAD, attributes, what);
      } catch (IOException refused) {
        log.setByte(0, (byte) 0);
        attributes.setInt(24, 1);
        attributes.setInt(28, LOG_BYTES);
        attributes.setPointer(32, log);
        try {
          return call(PROGRAM_LOAD, attributes, what);
        } catch (IOException again) {
          throw new IOException(again.getMessage() + "\n" + log.getString(0), again);
        }
      }
    }
  }

  /**
   * Lets a program run at an interface until it is detached or the interface is deleted, also after
   * this process. The interface is one of the calling thread's namespace.
   */
  public static void attach(int programFd, int interfaceIndex, Hook hook) throws IOException {
    attach(programFd, interfaceIndex, hook, 0, 0);
  }

  /** Puts a program in the place of another, without a packet that passes by both. */
  public static void replace(int programFd, int interfaceIndex, Hook hook, int replacedFd)
      throws IOException {
    attach(programFd, interfaceIndex, hook, ATTACH_REPLACE, replacedFd);
  }

  private static void attach(int programFd, int interfaceIndex, Hook hook, int flags, int replaced)
      throws IOException {
    try (Memory attributes = attributes()) {
      attributes.setInt(0, interfaceIndex);
      attributes.setInt(4, programFd);
      attributes.setInt(8, hook.attachType);
      attributes.setInt(12, flags);
      attributes.setInt(16, replaced);
      call(PROGRAM_ATTACH, attributes, "attaching a BPF program to interface " + interfaceIndex);
    }
  }

  /** Takes a program away from an interface. */
  public static void detach(int programFd, int interfaceIndex, Hook hook) throws IOException {
    try (Memory attributes = attributes()) {
      attributes.setInt(0, interfaceIndex);
      attributes.setInt(4, programFd);
      attributes.setInt(8, hook.attachType);
      call(PROGRAM_DETACH, attributes, "detaching a BPF program from " + interfaceIndex);
    }
  }

  /** The ids of the programs at a hook. The interface is one of the calling thread's namespace. */
  public static List<Integer> attached(int interfaceIndex, Hook hook) throws IOException {
    try (Memory ids = new Memory((long) MAX_ATTACHED * Integer.BYTES);
        Memory attributes = attributes()) {
      attributes.setInt(0, interfaceIndex);
      attributes.setInt(4, hook.attachType);
      attributes.setPointer(16, ids);
      attributes.setInt(24, MAX_ATTACHED);
      call(PROGRAM_QUERY, attributes, "asking for the BPF programs of " + interfaceIndex);
      return ints(ids, attributes.getInt(24));
    }
  }

  /** A new file descriptor of a loaded program. */
  public static int programById(int id) throws IOException {
    return fdById(PROGRAM_FD_BY_ID, id, "BPF program");
  }

  /** A new file descriptor of a map. */
  public static int mapById(int id) throws IOException {
    return fdById(MAP_FD_BY_ID, id, "BPF map");
  }

  private static int fdById(int command, int id, String what) throws IOException {
    try (Memory attributes = attributes()) {
      attributes.setInt(0, id);
      return call(command, attributes, "opening " + what + " " + id);
    }
  }

  /** What the kernel says of a program. */
  public static ProgramInfo programInfo(int programFd) throws IOException {
    try (Memory info = new Memory(208);
        Memory mapIds = new Memory((long) MAX_MAPS * Integer.BYTES)) {
      info.clear();
      info.setInt(52, MAX_MAPS);
      info.setPointer(56, mapIds);
      readInfo(programFd, info);
      return new ProgramInfo(name(info, 64), ints(mapIds, info.getInt(52)));
    }
  }

  /** What the kernel says of a map. */
  public static MapInfo mapInfo(int mapFd) throws IOException {
    try (Memory info = new Memory(80)) {
      info.clear();
      readInfo(mapFd, info);
      return new MapInfo(name(info, 24), info.getInt(8), info.getInt(12), info.getInt(16));
    }
  }

  private static void readInfo(int fd, Memory info) throws IOException {
    try (Memory attributes = attributes()) {
      attributes.setInt(0, fd);
      attributes.setInt(4, (int) info.size());
      attributes.setPointer(8, info);
      call(INFO_BY_FD, attributes, "asking for a BPF object");
    }
  }

  /** Copies the one value of a map that {@link #createValue} made. */
  public static void readValue(int mapFd, Memory value) throws IOException {
    valueCommand(MAP_LOOKUP, mapFd, value, "reading a BPF map");
  }

  /** Writes the one value of a map that {@link #createValue} made. */
  public static void writeValue(int mapFd, Memory value) throws IOException {
    valueCommand(MAP_UPDATE, mapFd, value, "writing a BPF map");
  }

  private static void valueCommand(int command, int mapFd, Memory value, String what)
      throws IOException {
    try (Memory key = new Memory(Integer.BYTES);
        Memory attributes = attributes()) {
      key.setInt(0, 0);
      attributes.setInt(0, mapFd);
      attributes.setPointer(8, key);
      attributes.setPointer(16, value);
      call(command, attributes, what);
    }
  }

  /**
   * Returns when every program that ran at the time of the call has ended: what it saw of a map
   * before, no program sees any more.
   */
  public static void awaitRunning() throws IOException {
    try {
      Libc.INSTANCE.syscall(SYS_MEMBARRIER, MEMBARRIER_GLOBAL, 0, 0);
    } catch (LastErrorException e) {
      throw new IOException(
          "membarrier: " + NetlinkException.reason(e.getErrorCode(), null) + supported(), e);
    }
  }

  private static String supported() {
    try {
      return "; supported: "
          + Libc.INSTANCE.syscall(SYS_MEMBARRIER, MEMBARRIER_QUERY, 0, 0).intValue();
    } catch (LastErrorException e) {
      return "";
    }
  }

  /** Closes a descriptor of a map or program; what is attached stays. */
  public static void close(int fd) throws IOException {
    try {
      Libc.INSTANCE.close(fd);
    } catch (LastErrorException e) {
      throw new IOException("closing a BPF object", e);
    }
  }

  /** Runs one command; {@code what} was to be done if it fails. */
  static int call(int command, Memory attributes, String what) throws IOException {
    try {
      return invoke(command, attributes);
    } catch (LastErrorException e) {
      throw new IOException(what + ": " + NetlinkException.reason(e.getErrorCode(), null), e);
    }
  }

  /** Runs one command and throws with errno if it fails. */
  static int invoke(int command, Memory attributes) {
    return Libc.INSTANCE.syscall(SYS_BPF, command, attributes, (int) attributes.size()).intValue();
  }

  /** A zeroed union bpf_attr, or as much of it as commands here use. */
  static Memory attributes() {
    Memory attributes = new Memory(ATTRIBUTES_BYTES);
    attributes.clear();
    return attributes;
  }

  private static List<Integer> ints(Pointer from, int count) {
    List<Integer> ints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ints.add(from.getInt((long) i * Integer.BYTES));
    }
    return ints;
  }

  private static void putName(Memory attributes, int at, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length >= NAME_BYTES) {
      throw new IllegalArgumentException("'" + name + "' is too long for a BPF object");
    }
    attributes.write(at, bytes, 0, bytes.length);
  }

  private static String name(Memory info, int at) {
    byte[] bytes = info.getByteArray(at, NAME_BYTES);
    int length = 0;
    while (length < NAME_BYTES && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.US_ASCII);
  }

  private static Memory text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    Memory memory = new Memory(bytes.length + 1L);
    memory.write(0, bytes, 0, bytes.length);
    memory.setByte(bytes.length, (byte) 0);
    return memory;
  }
}
