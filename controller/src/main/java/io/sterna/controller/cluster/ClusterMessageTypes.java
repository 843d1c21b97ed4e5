package io.sterna.controller.cluster;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.OptionalSerializers.OptionalSerializer;
import com.esotericsoftware.kryo.serializers.RecordSerializer;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.owner.SiteNews;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ids of everything that controllers send to each other: never reused, never changed. */
final class ClusterMessageTypes {
  static final int ACTOR_REF = 20;

  private ClusterMessageTypes() {}

  static void register(Kryo kryo) {
    ListSerializer lists = new ListSerializer();
    kryo.register(List.of().getClass(), lists, 21);
    kryo.register(List.of(1).getClass(), lists, 22);
    kryo.register(Optional.class, new OptionalSerializer(), 23);
    kryo.register(ChainHash.class, new ChainHashSerializer(), 24);
    kryo.register(
        Evidence.class,
        new CodeSerializer<Evidence>() {
          @Override
          int codeOf(Evidence value) {
            return value.code();
          }

          @Override
          Evidence ofCode(int code) {
            return Evidence.ofCode(code);
          }
        },
        25);
    kryo.register(
        RejectReason.class,
        new CodeSerializer<RejectReason>() {
          @Override
          int codeOf(RejectReason value) {
            return value.code();
          }

          @Override
          RejectReason ofCode(int code) {
            return RejectReason.ofCode(code);
          }
        },
        26);
    record(kryo, IpAddress.class, 30);
    record(kryo, IpPrefix.class, 31);
    record(kryo, MacAddress.class, 32);
    record(kryo, FeId.class, 33);
    record(kryo, ControllerId.class, 34);
    record(kryo, RangeId.class, 35);
    record(kryo, Binding.class, 36);
    record(kryo, SiteId.class, 37);
    record(kryo, Claim.class, 40);
    record(kryo, ClaimAccepted.class, 41);
    record(kryo, ClaimRejected.class, 42);
    record(kryo, RangeCommand.Wake.class, 50);
    record(kryo, RangeCommand.RegisterBinding.class, 51);
    record(kryo, RangeCommand.ListBindings.class, 52);
    record(kryo, RangeCommand.BindingPage.class, 68);
    record(kryo, RangeCommand.FindBinding.class, 54);
    record(kryo, RangeCommand.FoundBinding.class, 69);
    record(kryo, RangeCommand.DescribeRange.class, 56);
    record(kryo, RangeCommand.RangeDescription.class, 57);
    record(kryo, RangeCommand.FeProgress.class, 58);
    record(kryo, RangeCommand.DampingCleared.class, 60);
    record(kryo, RangeCommand.NoteRefusals.class, 61);
    record(kryo, SiteNews.SiteCount.class, 63);
    record(kryo, RangeCommand.ConvergenceTimes.class, 64);
    record(kryo, SiteNews.Told.class, 65);
    record(kryo, SiteNews.RangeCount.class, 66);
    record(kryo, RangeCommand.Damped.class, 67);
    record(kryo, SessionCommand.ClaimsAnswered.class, 71);
    record(kryo, Sessions.ListSessions.class, 80);
    record(kryo, Sessions.SessionListing.class, 81);
    OrderMessageTypes.register(kryo);
    TrafficMessageTypes.register(kryo);
    PlanMessageTypes.register(kryo);
  }

  static <T extends Record> void record(Kryo kryo, Class<T> type, int id) {
    kryo.register(type, new RecordSerializer<>(type), id);
  }

  /** Stored and sent by code, never by ordinal. */
  abstract static class CodeSerializer<T> extends Serializer<T> {
    abstract int codeOf(T value);

    abstract T ofCode(int code);

    @Override
    public void write(Kryo kryo, Output output, T value) {
      output.writeVarInt(codeOf(value), true);
    }

    @Override
    public T read(Kryo kryo, Input input, Class<? extends T> type) {
      return ofCode(input.readVarInt(true));
    }
  }

  /** Lists that {@code List.copyOf} made: size, then each element with its id. */
  private static final class ListSerializer extends Serializer<List<?>> {
    @Override
    public void write(Kryo kryo, Output output, List<?> list) {
      output.writeVarInt(list.size(), true);
      list.forEach(element -> kryo.writeClassAndObject(output, element));
    }

    @Override
    public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
      int size = input.readVarInt(true);
      List<Object> list = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        list.add(kryo.readClassAndObject(input));
      }
      return List.copyOf(list);
    }
  }

  private static final class ChainHashSerializer extends Serializer<ChainHash> {
    @Override
    public void write(Kryo kryo, Output output, ChainHash hash) {
      output.writeBytes(hash.toBytes());
    }

    @Override
    public ChainHash read(Kryo kryo, Input input, Class<? extends ChainHash> type) {
      return ChainHash.ofBytes(input.readBytes(ChainHash.BYTES));
    }
  }
}
