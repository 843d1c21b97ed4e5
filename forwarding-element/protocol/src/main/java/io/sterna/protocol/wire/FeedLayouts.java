package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import java.util.List;

/** The layouts of the feed of a range and of what its receiver says back. */
final class FeedLayouts {
  private FeedLayouts() {}

  /** How the bindings of a feed are laid out. */
  enum BindingLayout {
    /** Of version 1: each whole; read only, from controllers of before. */
    WHOLE,
    /** Of version 2: see {@link NearBindings}; read only as well. */
    NEAR,
    /** Of version 3: see {@link BindingSteps}. */
    STEPS;

    void write(Output out, List<Binding> bindings) {
      if (this != STEPS) {
        throw new IllegalStateException(this + " is read only");
      }
      BindingSteps.write(out, bindings);
    }

    List<Binding> read(Input in) {
      return switch (this) {
        case WHOLE -> Fields.readBindings(in);
        case NEAR -> NearBindings.read(in);
        case STEPS -> BindingSteps.read(in);
      };
    }
  }

  /** The positions. */
  static final class OfApplied extends ImmutableSerializer<Applied> {
    @Override
    public void write(Kryo kryo, Output out, Applied applied) {
      Fields.writeList(out, applied.positions(), Fields::writePosition);
    }

    @Override
    public Applied read(Kryo kryo, Input in, Class<? extends Applied> type) {
      return new Applied(Fields.readList(in, Fields.POSITION_MIN_BYTES, Fields::readPosition));
    }
  }

  /** The range. */
  static final class OfResyncRequested extends ImmutableSerializer<ResyncRequested> {
    @Override
    public void write(Kryo kryo, Output out, ResyncRequested requested) {
      Fields.writeRange(out, requested.range());
    }

    @Override
    public ResyncRequested read(Kryo kryo, Input in, Class<? extends ResyncRequested> type) {
      return new ResyncRequested(Fields.readRange(in));
    }
  }

  /** From revision as varlong, from hash, position, bindings. */
  static final class OfDelta extends ImmutableSerializer<Delta> {
    private final BindingLayout layout;

    OfDelta(BindingLayout layout) {
      this.layout = layout;
    }

    @Override
    public void write(Kryo kryo, Output out, Delta delta) {
      out.writeVarLong(delta.fromRevision(), true);
      Fields.writeHash(out, delta.fromHash());
      Fields.writePosition(out, delta.position());
      layout.write(out, delta.changes());
    }

    @Override
    public Delta read(Kryo kryo, Input in, Class<? extends Delta> type) {
      long fromRevision = in.readVarLong(true);
      ChainHash fromHash = Fields.readHash(in);
      RangePosition position = Fields.readPosition(in);
      return new Delta(fromRevision, fromHash, position, layout.read(in));
    }
  }

  /** Position, part as varint, last as one byte, bindings. */
  static final class OfSnapshot extends ImmutableSerializer<Snapshot> {
    private final BindingLayout layout;

    OfSnapshot(BindingLayout layout) {
      this.layout = layout;
    }

    @Override
    public void write(Kryo kryo, Output out, Snapshot snapshot) {
      Fields.writePosition(out, snapshot.position());
      out.writeVarInt(snapshot.part(), true);
      out.writeBoolean(snapshot.last());
      layout.write(out, snapshot.bindings());
    }

    @Override
    public Snapshot read(Kryo kryo, Input in, Class<? extends Snapshot> type) {
      RangePosition position = Fields.readPosition(in);
      int part = in.readVarInt(true);
      boolean last = Fields.readFlag(in);
      return new Snapshot(position, part, last, layout.read(in));
    }
  }
}
