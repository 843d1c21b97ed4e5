package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bindings of one range as a list: each without the leading bytes in which its address and its
 * MAC are those of the one before. A change goes to every element, and what it costs there and on
 * the way is its bytes.
 *
 * <p>A binding is: a head of one byte; the rest of the address; the FE's number in the list, 0 and
 * a name where it is new; the rest of the MAC; the version as varlong. Bits of the head: 6 to 4 =
 * bytes that the MAC shares; if bit 7 is set the low four are the address family (4 or 6) and the
 * address is whole, else they are the bytes that the address shares.
 */
final class NearBindings {
  /** Head, last byte of the address, FE number, version. */
  private static final int MIN_BYTES = 4;

  private static final int WHOLE = 0x80;
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;
  private static final int LOW_BITS = 0xf;
  private static final int MAC_SHIFT = 4;
  private static final int MAC_MASK = 0x7;

  private NearBindings() {}

  static void write(Output out, List<Binding> bindings) {
    out.writeVarInt(bindings.size(), true);
    Map<FeId, Integer> known = new HashMap<>();
    Binding before = null;
    for (Binding binding : bindings) {
      write(out, binding, before, known);
      before = binding;
    }
  }

  private static void write(
      Output out, Binding binding, @Nullable Binding before, Map<FeId, Integer> known) {
    int macShared = before == null ? 0 : sharedMac(binding.mac().bits() ^ before.mac().bits());
    IpAddress address = binding.address();
    if (before == null || before.address().isV4() != address.isV4()) {
      int family = address.isV4() ? Fields.V4_TAG : Fields.V6_TAG;
      out.writeByte(WHOLE | (macShared << MAC_SHIFT) | family);
      writeLast(out, address, address.isV4() ? V4_BYTES : V6_BYTES);
    } else {
      int shared = sharedAddress(address, before.address());
      out.writeByte((macShared << MAC_SHIFT) | shared);
      writeLast(out, address, (address.isV4() ? V4_BYTES : V6_BYTES) - shared);
    }
    Integer number = known.putIfAbsent(binding.fe(), known.size() + 1);
    out.writeVarInt(number == null ? 0 : number, true);
    if (number == null) {
      Texts.writeName(out, binding.fe().value());
    }
    Fields.writeBits(out, binding.mac().bits(), MacAddress.BYTES - macShared);
    out.writeVarLong(binding.version(), true);
  }

  static List<Binding> read(Input in) {
    int count = Fields.readCount(in, MIN_BYTES);
    List<Binding> bindings = new ArrayList<>(count);
    List<FeId> known = new ArrayList<>();
    Binding before = null;
    for (int i = 0; i < count; i++) {
      before = read(in, before, known);
      bindings.add(before);
    }
    return bindings;
  }

  private static Binding read(Input in, @Nullable Binding before, List<FeId> known) {
    int head = in.readByte();
    IpAddress address = readAddress(in, head, before);
    FeId fe = Fields.readFeOfList(in, known);
    int macShared = (head >>> MAC_SHIFT) & MAC_MASK;
    if (macShared > (before == null ? 0 : MacAddress.BYTES)) {
      throw new IllegalArgumentException("a MAC that shares " + macShared + " bytes");
    }
    int rest = MacAddress.BYTES - macShared;
    long macBefore = before == null ? 0 : before.mac().bits();
    MacAddress mac = new MacAddress(withLast(macBefore, Fields.readBits(in, rest), rest));
    return new Binding(address, fe, mac, in.readVarLong(true));
  }

  private static IpAddress readAddress(Input in, int head, @Nullable Binding before) {
    int low = head & LOW_BITS;
    if ((head & WHOLE) != 0) {
      return Fields.readAddress(in, low);
    }
    if (before == null) {
      throw new IllegalArgumentException("an address that shares bytes with none");
    }
    IpAddress near = before.address();
    int rest = (near.isV4() ? V4_BYTES : V6_BYTES) - low;
    if (rest < 1) {
      throw new IllegalArgumentException("an IPv4 address that shares " + low + " bytes");
    }
    if (near.isV4()) {
      return IpAddress.ofV4((int) withLast(near.v4Bits(), Fields.readBits(in, rest), rest));
    }
    int ofHigh = Math.max(0, rest - Long.BYTES);
    int ofLow = rest - ofHigh;
    long high = withLast(near.high(), Fields.readBits(in, ofHigh), ofHigh);
    return Fields.v6(high, withLast(near.low(), Fields.readBits(in, ofLow), ofLow));
  }

  private static void writeLast(Output out, IpAddress address, int bytes) {
    int ofHigh = Math.max(0, bytes - Long.BYTES);
    Fields.writeBits(out, address.high(), ofHigh);
    Fields.writeBits(out, address.low(), bytes - ofHigh);
  }

  /** At least the last byte is written: no two bindings of a list have the same address. */
  private static int sharedAddress(IpAddress one, IpAddress other) {
    if (one.isV4()) {
      int different = one.v4Bits() ^ other.v4Bits();
      return Math.min(V4_BYTES - 1, Integer.numberOfLeadingZeros(different) / Byte.SIZE);
    }
    long high = one.high() ^ other.high();
    int zeros =
        high != 0
            ? Long.numberOfLeadingZeros(high)
            : Long.SIZE + Long.numberOfLeadingZeros(one.low() ^ other.low());
    return Math.min(V6_BYTES - 1, zeros / Byte.SIZE);
  }

  private static int sharedMac(long different) {
    return Long.numberOfLeadingZeros(different) / Byte.SIZE - (Long.BYTES - MacAddress.BYTES);
  }

  /** The number with other last bytes. */
  private static long withLast(long bits, long last, int bytes) {
    return bytes == Long.BYTES ? last : (bits & (-1L << (bytes * Byte.SIZE))) | last;
  }
}
