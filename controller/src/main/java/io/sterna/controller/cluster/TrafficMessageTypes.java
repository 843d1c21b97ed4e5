package io.sterna.controller.cluster;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.monitoring.matrix.EndpointRate;
import io.sterna.monitoring.matrix.PairRate;
import io.sterna.monitoring.matrix.Rate;
import io.sterna.monitoring.matrix.SiteLink;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.TrafficEntry;
import io.sterna.protocol.VmUse;
import java.util.Optional;

/** The ids of what controllers send to each other about traffic: 100 to 129. */
final class TrafficMessageTypes {
  private TrafficMessageTypes() {}

  static void register(Kryo kryo) {
    ClusterMessageTypes.record(kryo, TrafficReport.class, 100);
    kryo.register(TrafficEntry.class, new EntrySerializer(), 101);
    ClusterMessageTypes.record(kryo, AddressPair.class, 102);
    ClusterMessageTypes.record(kryo, Rate.class, 103);
    ClusterMessageTypes.record(kryo, PairRate.class, 104);
    ClusterMessageTypes.record(kryo, EndpointRate.class, 105);
    ClusterMessageTypes.record(kryo, SiteLink.class, 106);
    ClusterMessageTypes.record(kryo, TrafficCommand.Reported.class, 110);
    ClusterMessageTypes.record(kryo, SessionCommand.TrafficCounted.class, 111);
    ClusterMessageTypes.record(kryo, TrafficCommand.DescribeTraffic.class, 112);
    ClusterMessageTypes.record(kryo, TrafficCommand.TrafficDescription.class, 113);
    ClusterMessageTypes.record(kryo, TrafficCommand.Reporter.class, 114);
    kryo.register(TrafficCommand.Order.class, new OrderSerializer(), 115);
    ClusterMessageTypes.record(kryo, TrafficCommand.ListPairs.class, 116);
    ClusterMessageTypes.record(kryo, TrafficCommand.PairPage.class, 117);
    ClusterMessageTypes.record(kryo, TrafficCommand.PairTraffic.class, 118);
    ClusterMessageTypes.record(kryo, TrafficCommand.ListEndpoints.class, 119);
    ClusterMessageTypes.record(kryo, TrafficCommand.EndpointPage.class, 120);
    ClusterMessageTypes.record(kryo, TrafficCommand.FindEndpoint.class, 121);
    ClusterMessageTypes.record(kryo, TrafficCommand.FoundEndpoint.class, 122);
    ClusterMessageTypes.record(kryo, TrafficCommand.ListLinks.class, 123);
    ClusterMessageTypes.record(kryo, TrafficCommand.LinkPage.class, 124);
    ClusterMessageTypes.record(kryo, TrafficCommand.LinkTraffic.class, 125);
    ClusterMessageTypes.record(kryo, TrafficCommand.VmsReported.class, 126);
    ClusterMessageTypes.record(kryo, VmReport.class, 127);
    ClusterMessageTypes.record(kryo, VmUse.class, 128);
  }

  /** A report has up to 2000 of them: without a name for every field, and short numbers short. */
  private static final class EntrySerializer extends Serializer<TrafficEntry> {
    EntrySerializer() {
      super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output output, TrafficEntry entry) {
      writePrefix(output, entry.source());
      writePrefix(output, entry.destination());
      output.writeString(entry.destinationFe().map(FeId::value).orElse(null));
      output.writeVarLong(entry.bytes(), true);
      output.writeVarLong(entry.packets(), true);
    }

    @Override
    public TrafficEntry read(Kryo kryo, Input input, Class<? extends TrafficEntry> type) {
      IpPrefix source = readPrefix(input);
      IpPrefix destination = readPrefix(input);
      Optional<FeId> fe = Optional.ofNullable(input.readString()).map(FeId::new);
      long bytes = input.readVarLong(true);
      return new TrafficEntry(source, destination, fe, bytes, input.readVarLong(true));
    }

    private static void writePrefix(Output output, IpPrefix prefix) {
      output.writeLong(prefix.address().high());
      output.writeLong(prefix.address().low());
      output.writeByte(prefix.length());
    }

    private static IpPrefix readPrefix(Input input) {
      long high = input.readLong();
      long low = input.readLong();
      return new IpPrefix(new IpAddress(high, low), input.readByteUnsigned());
    }
  }

  private static final class OrderSerializer
      extends ClusterMessageTypes.CodeSerializer<TrafficCommand.Order> {
    @Override
    int codeOf(TrafficCommand.Order value) {
      return value.code();
    }

    @Override
    TrafficCommand.Order ofCode(int code) {
      return TrafficCommand.Order.ofCode(code);
    }
  }
}
