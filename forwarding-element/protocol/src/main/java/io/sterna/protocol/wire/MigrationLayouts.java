package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;

/** The layouts of what is asked and said about migrations. */
final class MigrationLayouts {
  private MigrationLayouts() {}

  /** Operation, VM, from, to, the code of the phase as one byte, the endpoint as text. */
  static final class OfCommand extends ImmutableSerializer<MigrationCommand> {
    @Override
    public void write(Kryo kryo, Output out, MigrationCommand command) {
      Migration migration = command.migration();
      Texts.writeName(out, migration.operation().value());
      Fields.writeAddress(out, migration.vm());
      Texts.writeName(out, migration.from().value());
      Texts.writeName(out, migration.to().value());
      out.writeByte(command.phase().code());
      Texts.writeText(out, command.endpoint());
    }

    @Override
    public MigrationCommand read(Kryo kryo, Input in, Class<? extends MigrationCommand> type) {
      OperationId operation = new OperationId(Texts.readName(in));
      IpAddress vm = Fields.readAddress(in);
      FeId from = new FeId(Texts.readName(in));
      Migration migration = new Migration(operation, vm, from, new FeId(Texts.readName(in)));
      MigrationPhase phase = MigrationPhase.ofCode(in.readByte());
      return new MigrationCommand(migration, phase, Texts.readText(in));
    }
  }

  /**
   * Operation, the codes of phase and state as one byte each, bytes done and in all as varlongs,
   * text.
   */
  static final class OfReport extends ImmutableSerializer<MigrationReport> {
    @Override
    public void write(Kryo kryo, Output out, MigrationReport report) {
      Texts.writeName(out, report.operation().value());
      out.writeByte(report.phase().code());
      out.writeByte(report.state().code());
      out.writeVarLong(report.doneBytes(), true);
      out.writeVarLong(report.totalBytes(), true);
      Texts.writeText(out, report.text());
    }

    @Override
    public MigrationReport read(Kryo kryo, Input in, Class<? extends MigrationReport> type) {
      OperationId operation = new OperationId(Texts.readName(in));
      MigrationPhase phase = MigrationPhase.ofCode(in.readByte());
      MigrationState state = MigrationState.ofCode(in.readByte());
      long doneBytes = in.readVarLong(true);
      long totalBytes = in.readVarLong(true);
      return new MigrationReport(
          operation, phase, state, doneBytes, totalBytes, Texts.readText(in));
    }
  }
}
