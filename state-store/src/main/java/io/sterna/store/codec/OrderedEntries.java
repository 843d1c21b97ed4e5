package io.sterna.store.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RejectReason;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Order;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a row that say what operators asked for.
 *
 * <pre>
 * assigned  = 6 address mac flags [order] fe version seen-version [fe]
 * withdrawn = 7 address mac flags [order] fe version seen-version
 * declined  = 8 address mac flags [order] reason seen-version [fe]
 * cleared   = 9 address flags [order] version
 * order     = operator from why restores-ms
 * </pre>
 *
 * Flag 1: an element follows at the end: the one before, or the one that was asked for. Flag 2: the
 * order follows; else it is that of the entry before this one that has one: what an operator asks
 * for with one order may be a million changes, and each row says it once.
 */
final class OrderedEntries {
  private static final int ASSIGNED = 6;
  private static final int WITHDRAWN = 7;
  private static final int DECLINED = 8;
  private static final int CLEARED = 9;
  private static final int FE = 1;
  private static final int ORDER = 2;

  /** The most bytes of a character of a text. */
  private static final int UTF8_BYTES = 3;

  private @Nullable Order last;

  void write(Output output, Entry.Ordered entry) {
    if (entry instanceof Entry.Assigned assigned) {
      Binding binding = assigned.binding();
      begin(output, ASSIGNED, binding.address(), assigned.binding().mac());
      writeOrder(output, assigned.order(), assigned.previousFe() != null);
      writeAttachment(output, binding, assigned.seenVersion());
      writeFe(output, assigned.previousFe());
    } else if (entry instanceof Entry.Withdrawn withdrawn) {
      begin(output, WITHDRAWN, withdrawn.binding().address(), withdrawn.mac());
      writeOrder(output, withdrawn.order(), false);
      writeAttachment(output, withdrawn.binding(), withdrawn.seenVersion());
    } else if (entry instanceof Entry.Declined declined) {
      begin(output, DECLINED, declined.address(), declined.mac());
      writeOrder(output, declined.order(), declined.fe() != null);
      output.writeByte(declined.reason().code());
      output.writeVarLong(declined.seenVersion(), true);
      writeFe(output, declined.fe());
    } else {
      Entry.Cleared cleared = (Entry.Cleared) entry;
      output.writeByte(CLEARED);
      Fields.writeAddress(output, cleared.address());
      writeOrder(output, cleared.order(), false);
      output.writeVarLong(cleared.version(), true);
    }
  }

  Entry read(Input input, int kind) throws MalformedRecordException {
    return switch (kind) {
      case ASSIGNED -> readAssigned(input);
      case WITHDRAWN -> readWithdrawn(input);
      case DECLINED -> readDeclined(input);
      case CLEARED -> readCleared(input);
      default -> throw new MalformedRecordException("entry kind " + kind);
    };
  }

  private Entry.Assigned readAssigned(Input input) throws MalformedRecordException {
    IpAddress address = Fields.readAddress(input);
    MacAddress mac = Fields.readMac(input);
    int flags = readFlags(input, FE | ORDER);
    Order order = readOrder(input, flags);
    Binding binding = new Binding(address, Fields.readFe(input), mac, input.readVarLong(true));
    long seenVersion = input.readVarLong(true);
    return new Entry.Assigned(binding, order, seenVersion, readFe(input, flags));
  }

  private Entry.Withdrawn readWithdrawn(Input input) throws MalformedRecordException {
    IpAddress address = Fields.readAddress(input);
    MacAddress mac = Fields.readMac(input);
    Order order = readOrder(input, readFlags(input, ORDER));
    FeId fe = Fields.readFe(input);
    Binding left = new Binding(address, fe, MacAddress.NONE, input.readVarLong(true));
    return new Entry.Withdrawn(mac, left, order, input.readVarLong(true));
  }

  private Entry.Declined readDeclined(Input input) throws MalformedRecordException {
    IpAddress address = Fields.readAddress(input);
    MacAddress mac = Fields.readMac(input);
    int flags = readFlags(input, FE | ORDER);
    Order order = readOrder(input, flags);
    RejectReason reason = RejectReason.ofCode(input.readByteUnsigned());
    long seenVersion = input.readVarLong(true);
    return new Entry.Declined(address, readFe(input, flags), mac, reason, order, seenVersion);
  }

  private Entry.Cleared readCleared(Input input) throws MalformedRecordException {
    IpAddress address = Fields.readAddress(input);
    Order order = readOrder(input, readFlags(input, ORDER));
    return new Entry.Cleared(address, order, input.readVarLong(true));
  }

  private static void begin(Output output, int kind, IpAddress address, MacAddress mac) {
    output.writeByte(kind);
    Fields.writeAddress(output, address);
    Fields.writeMac(output, mac);
  }

  private static void writeAttachment(Output output, Binding binding, long seenVersion) {
    Fields.writeName(output, binding.fe().value());
    output.writeVarLong(binding.version(), true);
    output.writeVarLong(seenVersion, true);
  }

  private static void writeFe(Output output, @Nullable FeId fe) {
    if (fe != null) {
      Fields.writeName(output, fe.value());
    }
  }

  private static @Nullable FeId readFe(Input input, int flags) {
    return (flags & FE) != 0 ? Fields.readFe(input) : null;
  }

  private void writeOrder(Output output, Order order, boolean fe) {
    boolean known = order.equals(last);
    output.writeByte((fe ? FE : 0) | (known ? 0 : ORDER));
    if (!known) {
      Fields.writeName(output, order.operator());
      Fields.writeName(output, order.from());
      Fields.writeText(output, order.why());
      output.writeVarLong(order.restoresMillis(), true);
      last = order;
    }
  }

  private Order readOrder(Input input, int flags) throws MalformedRecordException {
    if ((flags & ORDER) != 0) {
      String operator = Fields.readName(input);
      String from = Fields.readName(input);
      String why = Fields.readText(input, Order.WHY_CHARS_MAX * UTF8_BYTES);
      last = new Order(operator, from, why, input.readVarLong(true));
    }
    if (last == null) {
      throw new MalformedRecordException("an entry of an order that no entry before it says");
    }
    return last;
  }

  private static int readFlags(Input input, int allowed) throws MalformedRecordException {
    int flags = input.readByteUnsigned();
    if ((flags & ~allowed) != 0) {
      throw new MalformedRecordException("entry flags " + flags);
    }
    return flags;
  }
}
