package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.io.Input;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bindings of one range as a list: each without the leading bytes in which its address and its
 * MAC are those of the one before. Of version 2, which is read only, from controllers of before.
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
  private static final int LOW_BITS = 0xf;
  private static final int MAC_SHIFT = 4;
  private static final int MAC_MASK = 0x7;

  private NearBindings() {}

  static List<Binding> read(Input in) {
    return Fields.readInTurn(in, MIN_BYTES, NearBindings::read);
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
    MacAddress mac = new MacAddress(Fields.withLast(macBefore, Fields.readBits(in, rest), rest));
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
    return Fields.readLast(in, before.address(), Fields.bytes(before.address()) - low);
  }
}
