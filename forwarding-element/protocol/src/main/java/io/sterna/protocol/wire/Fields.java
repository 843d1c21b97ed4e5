package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The layout of everything that messages are made of: each {@code write} with its {@code read}.
 *
 * <p>Numbers of fixed size are big-endian; {@code varint} and {@code varlong} are Kryo's: 7 bits a
 * byte, least significant first, and a varlong's ninth byte carries 8. Readers throw {@link
 * IllegalArgumentException} or a Kryo exception on what is no message.
 */
final class Fields {
  /** A list's element and its layout; {@code minBytes} is the least that one takes. */
  interface Writer<T> {
    void write(Output out, T value);
  }

  /** See {@link Writer}. */
  interface Reader<T> {
    T read(Input in);
  }

  static final int V4_TAG = 4;
  static final int V6_TAG = 6;

  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;

  static final int ADDRESS_MIN_BYTES = 1 + 4;
  static final int RANGE_MIN_BYTES = ADDRESS_MIN_BYTES + 1;
  static final int POSITION_MIN_BYTES = RANGE_MIN_BYTES + 1 + 1 + ChainHash.BYTES;
  static final int BINDING_MIN_BYTES = ADDRESS_MIN_BYTES + 1 + MacAddress.BYTES + 1;
  static final int FE_ENDPOINT_MIN_BYTES = 2 + 2 + ADDRESS_MIN_BYTES;
  static final int CONTROLLER_ENDPOINT_MIN_BYTES = 2 + 2 + 2;

  private Fields() {}

  /** Tag 4 and 4 bytes, or tag 6 and 16 bytes. */
  static void writeAddress(Output out, IpAddress address) {
    if (address.isV4()) {
      out.writeByte(V4_TAG);
      writeBits(out, address.v4Bits(), 4);
    } else {
      out.writeByte(V6_TAG);
      writeBits(out, address.high(), 8);
      writeBits(out, address.low(), 8);
    }
  }

  static IpAddress readAddress(Input in) {
    return readAddress(in, in.readByte());
  }

  /** What follows a tag. */
  static IpAddress readAddress(Input in, int tag) {
    if (tag == V4_TAG) {
      return IpAddress.ofV4((int) readBits(in, 4));
    }
    if (tag != V6_TAG) {
      throw new IllegalArgumentException("no address family has tag " + tag);
    }
    return v6(readBits(in, 8), readBits(in, 8));
  }

  static IpAddress v6(long high, long low) {
    IpAddress address = new IpAddress(high, low);
    if (address.isV4()) {
      throw new IllegalArgumentException(address + " is written as IPv6");
    }
    return address;
  }

  /** 6 bytes. */
  static void writeMac(Output out, MacAddress mac) {
    writeBits(out, mac.bits(), MacAddress.BYTES);
  }

  static MacAddress readMac(Input in) {
    return new MacAddress(readBits(in, MacAddress.BYTES));
  }

  /** The first address, then one byte for the prefix length. */
  static void writePrefix(Output out, IpPrefix prefix) {
    writeAddress(out, prefix.address());
    out.writeByte(prefix.length());
  }

  static IpPrefix readPrefix(Input in) {
    return new IpPrefix(readAddress(in), in.readByte() & 0xff);
  }

  /** Its prefix. */
  static void writeRange(Output out, RangeId range) {
    writePrefix(out, range.prefix());
  }

  static RangeId readRange(Input in) {
    return new RangeId(readPrefix(in));
  }

  /** 32 bytes. */
  static void writeHash(Output out, ChainHash hash) {
    out.writeBytes(hash.toBytes());
  }

  static ChainHash readHash(Input in) {
    return ChainHash.ofBytes(in.readBytes(ChainHash.BYTES));
  }

  /** Range, epoch as varlong, revision as varlong, hash. */
  static void writePosition(Output out, RangePosition position) {
    writeRange(out, position.range());
    out.writeVarLong(position.epoch(), true);
    out.writeVarLong(position.revision(), true);
    writeHash(out, position.hash());
  }

  static RangePosition readPosition(Input in) {
    RangeId range = readRange(in);
    long epoch = in.readVarLong(true);
    long revision = in.readVarLong(true);
    return new RangePosition(range, epoch, revision, readHash(in));
  }

  /** FE id, site id, address. */
  static void writeFeEndpoint(Output out, FeEndpoint endpoint) {
    Texts.writeName(out, endpoint.fe().value());
    Texts.writeName(out, endpoint.site().value());
    writeAddress(out, endpoint.underlay());
  }

  static FeEndpoint readFeEndpoint(Input in) {
    FeId fe = new FeId(Texts.readName(in));
    SiteId site = new SiteId(Texts.readName(in));
    return new FeEndpoint(fe, site, readAddress(in));
  }

  /** Controller id, host as text, port as 2 bytes. */
  static void writeControllerEndpoint(Output out, ControllerEndpoint endpoint) {
    Texts.writeName(out, endpoint.controller().value());
    Texts.writeText(out, endpoint.host());
    writeBits(out, endpoint.port(), 2);
  }

  static ControllerEndpoint readControllerEndpoint(Input in) {
    ControllerId controller = new ControllerId(Texts.readName(in));
    String host = Texts.readText(in);
    return new ControllerEndpoint(controller, host, (int) readBits(in, 2));
  }

  /** One binding by itself: address, FE id, MAC, version as varlong. */
  static void writeBinding(Output out, Binding binding) {
    writeAddress(out, binding.address());
    Texts.writeName(out, binding.fe().value());
    writeMac(out, binding.mac());
    out.writeVarLong(binding.version(), true);
  }

  static Binding readBinding(Input in) {
    IpAddress address = readAddress(in);
    FeId fe = new FeId(Texts.readName(in));
    MacAddress mac = readMac(in);
    return new Binding(address, fe, mac, in.readVarLong(true));
  }

  /**
   * Bindings as a list in which each FE id stands once: a binding says 0 and then the id where it
   * is new, and n where it is the n-th id of this list. Of version 1, which is read only.
   */
  static List<Binding> readBindings(Input in) {
    List<FeId> known = new ArrayList<>();
    return readList(
        in,
        BINDING_MIN_BYTES,
        from -> {
          IpAddress address = readAddress(from);
          FeId fe = readFeOfList(from, known);
          MacAddress mac = readMac(from);
          return new Binding(address, fe, mac, from.readVarLong(true));
        });
  }

  /** The next binding of a list, which says less than the whole of it. */
  interface InTurn {
    /**
     * Reads it.
     *
     * @param before the one before; null = it is the first
     * @param known the FEs that were named so far
     */
    Binding read(Input in, @Nullable Binding before, List<FeId> known);
  }

  /** Bindings as a list, each by the one before. */
  static List<Binding> readInTurn(Input in, int minBytes, InTurn next) {
    int count = readCount(in, minBytes);
    List<Binding> bindings = new ArrayList<>(count);
    List<FeId> known = new ArrayList<>();
    Binding before = null;
    for (int i = 0; i < count; i++) {
      before = next.read(in, before, known);
      bindings.add(before);
    }
    return bindings;
  }

  /** A number of the list's FEs; 0 = one that is new, and its name follows. */
  static FeId readFeOfList(Input in, List<FeId> known) {
    int number = in.readVarInt(true);
    if (number < 0 || number > known.size()) {
      throw new IllegalArgumentException(
          "forwarding element number " + number + " of " + known.size());
    }
    if (number > 0) {
      return known.get(number - 1);
    }
    FeId fe = new FeId(Texts.readName(in));
    known.add(fe);
    return fe;
  }

  /** See {@link #readFeOfList}; those that are known have the numbers of this list. */
  static void writeFeOfList(Output out, FeId fe, Map<FeId, Integer> known) {
    Integer number = known.putIfAbsent(fe, known.size() + 1);
    out.writeVarInt(number == null ? 0 : number, true);
    if (number == null) {
      Texts.writeName(out, fe.value());
    }
  }

  /** In how many last bytes two addresses of one family differ; 0 = they are the same. */
  static int lastBytes(IpAddress one, IpAddress other) {
    long high = one.high() ^ other.high();
    long different = high != 0 ? high : one.low() ^ other.low();
    int bytes = Long.BYTES - Long.numberOfLeadingZeros(different) / Byte.SIZE;
    return high != 0 ? Long.BYTES + bytes : bytes;
  }

  /** So many last bytes of an address. */
  static void writeLast(Output out, IpAddress address, int bytes) {
    int ofHigh = Math.max(0, bytes - Long.BYTES);
    writeBits(out, address.high(), ofHigh);
    writeBits(out, address.low(), bytes - ofHigh);
  }

  /** The address that has these last bytes, and before them those of another of its family. */
  static IpAddress readLast(Input in, IpAddress near, int bytes) {
    int all = bytes(near);
    if (bytes < 1 || bytes > all) {
      String family = near.isV4() ? "IPv4" : "IPv6";
      throw new IllegalArgumentException(
          "an %s address that shares %d bytes".formatted(family, all - bytes));
    }
    if (near.isV4()) {
      return IpAddress.ofV4((int) withLast(near.v4Bits(), readBits(in, bytes), bytes));
    }
    int ofHigh = Math.max(0, bytes - Long.BYTES);
    int ofLow = bytes - ofHigh;
    long high = withLast(near.high(), readBits(in, ofHigh), ofHigh);
    return v6(high, withLast(near.low(), readBits(in, ofLow), ofLow));
  }

  /** How many bytes an address has. */
  static int bytes(IpAddress address) {
    return address.isV4() ? V4_BYTES : V6_BYTES;
  }

  /** The number with other last bytes, 0 to 8. */
  static long withLast(long bits, long last, int bytes) {
    return bytes == Long.BYTES ? last : (bits & (-1L << (bytes * Byte.SIZE))) | last;
  }

  /** The count as varint, then the elements. */
  static <T> void writeList(Output out, List<T> list, Writer<T> writer) {
    out.writeVarInt(list.size(), true);
    for (T element : list) {
      writer.write(out, element);
    }
  }

  /** Allocates for no more elements than the rest of the frame can hold. */
  static <T> List<T> readList(Input in, int minBytes, Reader<T> reader) {
    int count = readCount(in, minBytes);
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(reader.read(in));
    }
    return list;
  }

  /** The count of a list, not more than the rest of the frame can hold. */
  static int readCount(Input in, int minBytes) {
    int count = in.readVarInt(true);
    int remaining = in.limit() - in.position();
    if (count < 0 || count > remaining / minBytes) {
      throw new IllegalArgumentException(
          "a list of " + Integer.toUnsignedString(count) + " does not fit " + remaining + " bytes");
    }
    return count;
  }

  /** One byte, 0 or 1. */
  static boolean readFlag(Input in) {
    int flag = in.readByte();
    if (flag != 0 && flag != 1) {
      throw new IllegalArgumentException("a flag is 0 or 1, not " + flag);
    }
    return flag == 1;
  }

  // Kryo's own writeInt and writeLong are little-endian.
  static void writeBits(Output out, long bits, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.writeByte((byte) (bits >>> shift));
    }
  }

  static long readBits(Input in, int bytes) {
    long bits = 0;
    for (int i = 0; i < bytes; i++) {
      bits = (bits << 8) | (in.readByte() & 0xff);
    }
    return bits;
  }
}
