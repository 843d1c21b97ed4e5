package io.sterna.store.codec;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bindings in about 10 bytes each.
 *
 * <p>The bindings of a range are ascending and lie close together, so an address is the distance
 * from the one before it, mostly one byte. Forwarding elements are few, so each name is written
 * once and then meant by its index.
 *
 * <pre>
 * names   = count name*                        in order of first use
 * binding = distance [high(8) low(8)] fe-index mac(6) version
 * </pre>
 *
 * High and low are the two halves of the address, least significant byte first as Kryo writes
 * numbers of fixed length. Distance 0, which no two addresses have, says that the whole address
 * follows: for the first address, and wherever the upper 64 bits change.
 */
final class PackedBindings {
  private static final int LEAST_BYTES_NAME = 2;
  private static final int LEAST_BYTES_BINDING = 1 + 1 + 6 + 1;

  private PackedBindings() {}

  static void write(Output output, List<Binding> ascending) {
    Map<FeId, Integer> indexes = new HashMap<>();
    List<FeId> names = new ArrayList<>();
    for (Binding binding : ascending) {
      if (indexes.putIfAbsent(binding.fe(), names.size()) == null) {
        names.add(binding.fe());
      }
    }
    output.writeVarInt(names.size(), true);
    names.forEach(fe -> Fields.writeName(output, fe.value()));
    output.writeVarInt(ascending.size(), true);
    IpAddress previous = null;
    for (Binding binding : ascending) {
      IpAddress address = binding.address();
      if (previous != null && previous.high() == address.high()) {
        output.writeVarLong(address.low() - previous.low(), true);
      } else {
        output.writeVarLong(0, true);
        output.writeLong(address.high());
        output.writeLong(address.low());
      }
      previous = address;
      output.writeVarInt(indexes.getOrDefault(binding.fe(), 0), true);
      Fields.writeMac(output, binding.mac());
      output.writeVarLong(binding.version(), true);
    }
  }

  static List<Binding> read(Input input) throws MalformedRecordException {
    int nameCount = Fields.readCount(input, RangeSnapshot.MAX_BINDINGS, LEAST_BYTES_NAME);
    List<FeId> names = new ArrayList<>(nameCount);
    for (int i = 0; i < nameCount; i++) {
      names.add(Fields.readFe(input));
    }
    int count = Fields.readCount(input, RangeSnapshot.MAX_BINDINGS, LEAST_BYTES_BINDING);
    List<Binding> bindings = new ArrayList<>(count);
    IpAddress previous = new IpAddress(0, 0);
    for (int i = 0; i < count; i++) {
      IpAddress address = readAddress(input, previous);
      if (i > 0 && address.compareTo(previous) <= 0) {
        throw new MalformedRecordException(address + " is out of order");
      }
      previous = address;
      FeId fe = named(names, input.readVarInt(true));
      bindings.add(new Binding(address, fe, Fields.readMac(input), input.readVarLong(true)));
    }
    return bindings;
  }

  private static IpAddress readAddress(Input input, IpAddress previous) {
    long distance = input.readVarLong(true);
    return distance == 0
        ? new IpAddress(input.readLong(), input.readLong())
        : new IpAddress(previous.high(), previous.low() + distance);
  }

  private static FeId named(List<FeId> names, int index) throws MalformedRecordException {
    if (index < 0 || index >= names.size()) {
      throw new MalformedRecordException(
          "forwarding element " + index + " of " + names.size() + " names");
    }
    return names.get(index);
  }
}
