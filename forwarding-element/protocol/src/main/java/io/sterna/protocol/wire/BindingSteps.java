package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bindings of one range as a list: each as the step from the one before. Feeds have them in
 * order of address, where most steps are small. A change goes to every element, and what it costs
 * there and on the way is its bytes.
 *
 * <p>A binding is: a head of one byte; what the head says of the address; the FE's number in the
 * list, 0 and a name where it is new; what the head says of the MAC; the version less that of the
 * one before, as varlong with sign. Bits 4 to 0 of the head, of the address: 0 = it is whole; 1 to
 * 15 = it is so much higher than the one before, and nothing follows; 15 + n = its last n bytes
 * follow, and it shares the others. Bits 7 to 5, of the MAC: n up to 6 = its last n bytes follow,
 * and it shares the others; 7 = it is as much higher than the one before as the address is, and
 * nothing follows. (Many clouds make the one of the other.) The first of a list shares nothing.
 */
final class BindingSteps {
  /** Head, FE number, version. */
  private static final int MIN_BYTES = 3;

  private static final int ADDRESS_WHOLE = 0;
  private static final int ADDRESS_STEP_MAX = 15;
  private static final int ADDRESS_MASK = 0x1f;
  private static final int MAC_SHIFT = 5;
  private static final int MAC_AS_ADDRESS = 7;
  private static final long MAC_MASK = (1L << (MacAddress.BYTES * Byte.SIZE)) - 1;

  private BindingSteps() {}

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
    int ofAddress = before == null ? ADDRESS_WHOLE : stepTo(binding.address(), before.address());
    int ofMac = before == null ? MacAddress.BYTES : stepTo(binding, before);
    out.writeByte(ofMac << MAC_SHIFT | ofAddress);
    if (ofAddress == ADDRESS_WHOLE) {
      Fields.writeAddress(out, binding.address());
    } else if (ofAddress > ADDRESS_STEP_MAX) {
      Fields.writeLast(out, binding.address(), ofAddress - ADDRESS_STEP_MAX);
    }
    Fields.writeFeOfList(out, binding.fe(), known);
    if (ofMac != MAC_AS_ADDRESS) {
      Fields.writeBits(out, binding.mac().bits(), ofMac);
    }
    out.writeVarLong(binding.version() - (before == null ? 0 : before.version()), false);
  }

  private static int stepTo(IpAddress address, IpAddress before) {
    if (address.isV4() != before.isV4()) {
      return ADDRESS_WHOLE;
    }
    long step = address.low() - before.low();
    if (address.high() == before.high() && step > 0 && step <= ADDRESS_STEP_MAX) {
      return (int) step;
    }
    // Of the one before again, which no feed has, the last byte is written.
    return ADDRESS_STEP_MAX + Math.max(1, Fields.lastBytes(address, before));
  }

  private static int stepTo(Binding binding, Binding before) {
    long mac = binding.mac().bits();
    if (mac == macAsAddress(binding.address(), before)) {
      return MAC_AS_ADDRESS;
    }
    int shared = Long.numberOfLeadingZeros(mac ^ before.mac().bits()) / Byte.SIZE;
    return Long.BYTES - shared;
  }

  /** What the MAC is if it goes as the address does. */
  private static long macAsAddress(IpAddress address, Binding before) {
    return (before.mac().bits() + address.low() - before.address().low()) & MAC_MASK;
  }

  static List<Binding> read(Input in) {
    return Fields.readInTurn(in, MIN_BYTES, BindingSteps::read);
  }

  private static Binding read(Input in, @Nullable Binding before, List<FeId> known) {
    int head = in.readByte() & 0xff;
    IpAddress address = readAddress(in, head & ADDRESS_MASK, before);
    FeId fe = Fields.readFeOfList(in, known);
    MacAddress mac = readMac(in, head >>> MAC_SHIFT, address, before);
    long version = in.readVarLong(false) + (before == null ? 0 : before.version());
    return new Binding(address, fe, mac, version);
  }

  private static IpAddress readAddress(Input in, int step, @Nullable Binding before) {
    if (step == ADDRESS_WHOLE) {
      return Fields.readAddress(in);
    }
    if (before == null) {
      throw new IllegalArgumentException("an address that is a step from none");
    }
    IpAddress near = before.address();
    if (step > ADDRESS_STEP_MAX) {
      return Fields.readLast(in, near, step - ADDRESS_STEP_MAX);
    }
    IpAddress address = new IpAddress(near.high(), near.low() + step);
    if (address.isV4() != near.isV4()) {
      throw new IllegalArgumentException("an address " + step + " above " + near);
    }
    return address;
  }

  private static MacAddress readMac(
      Input in, int step, IpAddress address, @Nullable Binding before) {
    if (before == null) {
      if (step != MacAddress.BYTES) {
        throw new IllegalArgumentException("a MAC that is a step from none");
      }
      return Fields.readMac(in);
    }
    if (step == MAC_AS_ADDRESS) {
      return new MacAddress(macAsAddress(address, before));
    }
    return new MacAddress(Fields.withLast(before.mac().bits(), Fields.readBits(in, step), step));
  }
}
