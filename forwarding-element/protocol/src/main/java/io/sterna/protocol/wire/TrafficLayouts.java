package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The layouts of what was counted and of its acknowledgement. */
final class TrafficLayouts {
  private static final int ENTRY_MIN_BYTES = 2 * (Fields.ADDRESS_MIN_BYTES + 1) + 1 + 1 + 1;

  private static final int NO_FE = 0;
  private static final int NEW_FE = 1;

  private TrafficLayouts() {}

  /**
   * Incarnation, interval as varlongs, part as varint, last as one byte, duration in ms as varlong,
   * entries. Each FE id stands once: an entry says 0 for none, 1 and then the id where it is new,
   * and n + 1 where it is the n-th id of this message.
   */
  static final class OfReport extends ImmutableSerializer<TrafficReport> {
    @Override
    public void write(Kryo kryo, Output out, TrafficReport report) {
      out.writeVarLong(report.incarnation(), true);
      out.writeVarLong(report.interval(), true);
      out.writeVarInt(report.part(), true);
      out.writeBoolean(report.last());
      out.writeVarLong(report.durationMs(), true);
      Map<FeId, Integer> known = new HashMap<>();
      Fields.writeList(out, report.entries(), (to, entry) -> writeEntry(to, entry, known));
    }

    @Override
    public TrafficReport read(Kryo kryo, Input in, Class<? extends TrafficReport> type) {
      long incarnation = in.readVarLong(true);
      long interval = in.readVarLong(true);
      int part = in.readVarInt(true);
      boolean last = Fields.readFlag(in);
      long durationMs = in.readVarLong(true);
      List<FeId> known = new ArrayList<>();
      List<TrafficEntry> entries =
          Fields.readList(in, ENTRY_MIN_BYTES, from -> readEntry(from, known));
      return new TrafficReport(incarnation, interval, part, last, durationMs, entries);
    }
  }

  /** Incarnation, interval as varlongs, part as varint. */
  static final class OfAcknowledged extends ImmutableSerializer<TrafficAcknowledged> {
    @Override
    public void write(Kryo kryo, Output out, TrafficAcknowledged acknowledged) {
      out.writeVarLong(acknowledged.incarnation(), true);
      out.writeVarLong(acknowledged.interval(), true);
      out.writeVarInt(acknowledged.part(), true);
    }

    @Override
    public TrafficAcknowledged read(
        Kryo kryo, Input in, Class<? extends TrafficAcknowledged> type) {
      long incarnation = in.readVarLong(true);
      long interval = in.readVarLong(true);
      return new TrafficAcknowledged(incarnation, interval, in.readVarInt(true));
    }
  }

  /** Source, destination, FE as above, bytes as varlong, packets as varlong. */
  private static void writeEntry(Output out, TrafficEntry entry, Map<FeId, Integer> known) {
    Fields.writePrefix(out, entry.source());
    Fields.writePrefix(out, entry.destination());
    Optional<FeId> fe = entry.destinationFe();
    if (fe.isEmpty()) {
      out.writeVarInt(NO_FE, true);
    } else {
      Integer number = known.putIfAbsent(fe.get(), known.size() + 1);
      out.writeVarInt(number == null ? NEW_FE : NEW_FE + number, true);
      if (number == null) {
        Texts.writeName(out, fe.get().value());
      }
    }
    out.writeVarLong(entry.bytes(), true);
    out.writeVarLong(entry.packets(), true);
  }

  private static TrafficEntry readEntry(Input in, List<FeId> known) {
    IpPrefix source = Fields.readPrefix(in);
    IpPrefix destination = Fields.readPrefix(in);
    Optional<FeId> fe = readFe(in, known);
    long bytes = in.readVarLong(true);
    return new TrafficEntry(source, destination, fe, bytes, in.readVarLong(true));
  }

  private static Optional<FeId> readFe(Input in, List<FeId> known) {
    int number = in.readVarInt(true);
    if (number < 0 || number - NEW_FE > known.size()) {
      throw new IllegalArgumentException(
          "forwarding element number " + number + " of " + known.size());
    }
    if (number == NO_FE) {
      return Optional.empty();
    }
    if (number == NEW_FE) {
      known.add(new FeId(Texts.readName(in)));
      return Optional.of(known.get(known.size() - 1));
    }
    return Optional.of(known.get(number - NEW_FE - 1));
  }
}
