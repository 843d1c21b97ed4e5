package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.util.List;

/** The layouts of what was counted and of its acknowledgement. */
final class TrafficLayouts {
  private static final int ENTRY_MIN_BYTES = 2 * (Fields.ADDRESS_MIN_BYTES + 1) + 1 + 1;

  private TrafficLayouts() {}

  /**
   * Incarnation, interval as varlongs, part as varint, last as one byte, duration in ms as varlong,
   * entries.
   */
  static final class OfReport extends ImmutableSerializer<TrafficReport> {
    @Override
    public void write(Kryo kryo, Output out, TrafficReport report) {
      out.writeVarLong(report.incarnation(), true);
      out.writeVarLong(report.interval(), true);
      out.writeVarInt(report.part(), true);
      out.writeBoolean(report.last());
      out.writeVarLong(report.durationMs(), true);
      Fields.writeList(out, report.entries(), TrafficLayouts::writeEntry);
    }

    @Override
    public TrafficReport read(Kryo kryo, Input in, Class<? extends TrafficReport> type) {
      long incarnation = in.readVarLong(true);
      long interval = in.readVarLong(true);
      int part = in.readVarInt(true);
      boolean last = Fields.readFlag(in);
      long durationMs = in.readVarLong(true);
      List<TrafficEntry> entries = Fields.readList(in, ENTRY_MIN_BYTES, TrafficLayouts::readEntry);
      return new TrafficReport(incarnation, interval, part, last, durationMs, entries);
    }
  }

  /** Incarnation, interval as varlongs. */
  static final class OfAcknowledged extends ImmutableSerializer<TrafficAcknowledged> {
    @Override
    public void write(Kryo kryo, Output out, TrafficAcknowledged acknowledged) {
      out.writeVarLong(acknowledged.incarnation(), true);
      out.writeVarLong(acknowledged.interval(), true);
    }

    @Override
    public TrafficAcknowledged read(
        Kryo kryo, Input in, Class<? extends TrafficAcknowledged> type) {
      long incarnation = in.readVarLong(true);
      return new TrafficAcknowledged(incarnation, in.readVarLong(true));
    }
  }

  /** Source, destination, bytes as varlong, packets as varlong. */
  private static void writeEntry(Output out, TrafficEntry entry) {
    Fields.writePrefix(out, entry.source());
    Fields.writePrefix(out, entry.destination());
    out.writeVarLong(entry.bytes(), true);
    out.writeVarLong(entry.packets(), true);
  }

  private static TrafficEntry readEntry(Input in) {
    IpPrefix source = Fields.readPrefix(in);
    IpPrefix destination = Fields.readPrefix(in);
    long bytes = in.readVarLong(true);
    return new TrafficEntry(source, destination, bytes, in.readVarLong(true));
  }
}
