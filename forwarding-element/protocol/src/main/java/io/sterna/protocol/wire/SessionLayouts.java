package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.Members;
import io.sterna.protocol.SouthboundMessage.Welcome;
import java.util.List;

/** The layouts of the messages that open and keep a session. */
final class SessionLayouts {
  private SessionLayouts() {}

  /** FE id, software as text, positions. */
  static final class OfHello extends ImmutableSerializer<Hello> {
    @Override
    public void write(Kryo kryo, Output out, Hello hello) {
      Texts.writeName(out, hello.fe().value());
      Texts.writeText(out, hello.software());
      Fields.writeList(out, hello.positions(), Fields::writePosition);
    }

    @Override
    public Hello read(Kryo kryo, Input in, Class<? extends Hello> type) {
      FeId fe = new FeId(Texts.readName(in));
      String software = Texts.readText(in);
      return new Hello(
          fe, software, Fields.readList(in, Fields.POSITION_MIN_BYTES, Fields::readPosition));
    }
  }

  /** Controller id, members, forwarding elements, ranges. */
  static final class OfWelcome extends ImmutableSerializer<Welcome> {
    @Override
    public void write(Kryo kryo, Output out, Welcome welcome) {
      Texts.writeName(out, welcome.controller().value());
      Fields.writeList(out, welcome.members(), Fields::writeControllerEndpoint);
      Fields.writeList(out, welcome.forwardingElements(), Fields::writeFeEndpoint);
      Fields.writeList(out, welcome.ranges(), Fields::writeRange);
    }

    @Override
    public Welcome read(Kryo kryo, Input in, Class<? extends Welcome> type) {
      ControllerId controller = new ControllerId(Texts.readName(in));
      List<ControllerEndpoint> members =
          Fields.readList(in, Fields.CONTROLLER_ENDPOINT_MIN_BYTES, Fields::readControllerEndpoint);
      List<FeEndpoint> elements =
          Fields.readList(in, Fields.FE_ENDPOINT_MIN_BYTES, Fields::readFeEndpoint);
      List<RangeId> ranges = Fields.readList(in, Fields.RANGE_MIN_BYTES, Fields::readRange);
      return new Welcome(controller, members, elements, ranges);
    }
  }

  /** The members. */
  static final class OfMembers extends ImmutableSerializer<Members> {
    @Override
    public void write(Kryo kryo, Output out, Members members) {
      Fields.writeList(out, members.members(), Fields::writeControllerEndpoint);
    }

    @Override
    public Members read(Kryo kryo, Input in, Class<? extends Members> type) {
      return new Members(
          Fields.readList(
              in, Fields.CONTROLLER_ENDPOINT_MIN_BYTES, Fields::readControllerEndpoint));
    }
  }

  /** The number as varlong. */
  static final class OfHeartbeat extends ImmutableSerializer<Heartbeat> {
    @Override
    public void write(Kryo kryo, Output out, Heartbeat heartbeat) {
      out.writeVarLong(heartbeat.number(), true);
    }

    @Override
    public Heartbeat read(Kryo kryo, Input in, Class<? extends Heartbeat> type) {
      return new Heartbeat(in.readVarLong(true));
    }
  }
}
