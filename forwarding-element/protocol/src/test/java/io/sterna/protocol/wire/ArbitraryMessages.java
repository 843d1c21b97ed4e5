package io.sterna.protocol.wire;

import io.sterna.protocol.ArbitraryValues;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerEndpoint;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Applied;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.protocol.SouthboundMessage.ClaimAccepted;
import io.sterna.protocol.SouthboundMessage.ClaimRejected;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.SouthboundMessage.Hello;
import io.sterna.protocol.SouthboundMessage.Members;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.protocol.SouthboundMessage.ResyncRequested;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.SouthboundMessage.Welcome;
import io.sterna.protocol.TrafficEntry;
import io.sterna.protocol.VmUse;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Every message that can be sent, small and with many edge cases. */
final class ArbitraryMessages {
  private static final Arbitrary<Long> ANY_LONG = Arbitraries.longs();
  private static final Arbitrary<Long> COUNT = Arbitraries.longs().greaterOrEqual(0);
  private static final Arbitrary<FeId> FE = ArbitraryValues.names().map(FeId::new);
  private static final Arbitrary<RangeId> RANGE = ArbitraryValues.prefixes().map(RangeId::new);

  private static final Arbitrary<ChainHash> HASH =
      Arbitraries.bytes()
          .array(byte[].class)
          .ofSize(ChainHash.BYTES)
          .map(ChainHash::ofBytes)
          .edgeCases(cases -> cases.add(ChainHash.GENESIS));

  private static final Arbitrary<RangePosition> POSITION =
      Combinators.combine(RANGE, COUNT, COUNT, HASH).as(RangePosition::new);

  private static final Arbitrary<Binding> BINDING =
      Combinators.combine(
              ArbitraryValues.addresses(),
              // Few FEs have many bindings, and some have long names.
              Arbitraries.frequencyOf(
                  Tuple.of(4, Arbitraries.of("fe1", "fe2", "fe3").map(FeId::new)), Tuple.of(1, FE)),
              ArbitraryValues.macs(),
              Arbitraries.longs().greaterOrEqual(1))
          .as(Binding::new);

  private static final Arbitrary<ControllerEndpoint> CONTROLLER =
      Combinators.combine(
              ArbitraryValues.names().map(ControllerId::new),
              texts(1),
              Arbitraries.integers().between(1, 65_535))
          .as(ControllerEndpoint::new);

  private static final Arbitrary<FeEndpoint> ELEMENT =
      Combinators.combine(FE, ArbitraryValues.names().map(SiteId::new), ArbitraryValues.addresses())
          .as(FeEndpoint::new);

  private ArbitraryMessages() {}

  static Arbitrary<SouthboundMessage> any() {
    List<Arbitrary<? extends SouthboundMessage>> all =
        Stream.of(sessions(), claims(), feeds(), traffic(), migrations(), vms())
            .flatMap(List::stream)
            .toList();
    return Arbitraries.of(all).flatMap(one -> one.map(message -> message));
  }

  private static List<Arbitrary<? extends SouthboundMessage>> sessions() {
    return List.of(
        Combinators.combine(FE, texts(0), few(POSITION)).as(Hello::new),
        Combinators.combine(
                ArbitraryValues.names().map(ControllerId::new),
                few(CONTROLLER),
                few(ELEMENT),
                few(RANGE))
            .as(Welcome::new),
        few(CONTROLLER).map(Members::new),
        ANY_LONG.map(Heartbeat::new));
  }

  private static List<Arbitrary<? extends SouthboundMessage>> claims() {
    return List.of(
        Combinators.combine(
                ANY_LONG,
                ArbitraryValues.addresses(),
                ArbitraryValues.macs(),
                COUNT,
                Arbitraries.of(Evidence.class))
            .as(Claim::new),
        Combinators.combine(ANY_LONG, BINDING).as(ClaimAccepted::new),
        Combinators.combine(ANY_LONG, Arbitraries.of(RejectReason.class), COUNT)
            .as(ClaimRejected::new));
  }

  private static List<Arbitrary<? extends SouthboundMessage>> feeds() {
    return List.of(
        few(POSITION).map(Applied::new),
        RANGE.map(ResyncRequested::new),
        POSITION.flatMap(
            position ->
                Combinators.combine(
                        Arbitraries.longs().between(0, position.revision()), HASH, few(BINDING))
                    .as((from, hash, changes) -> new Delta(from, hash, position, changes))),
        Combinators.combine(
                POSITION,
                Arbitraries.integers().greaterOrEqual(0),
                Arbitraries.of(true, false),
                few(BINDING))
            .as(Snapshot::new));
  }

  private static List<Arbitrary<? extends SouthboundMessage>> traffic() {
    Arbitrary<TrafficEntry> entry =
        Combinators.combine(
                ArbitraryValues.prefixes(), ArbitraryValues.prefixes(), FE.optional(), COUNT, COUNT)
            .as(TrafficEntry::new);
    return List.of(
        Combinators.combine(
                ANY_LONG,
                COUNT,
                Arbitraries.integers().greaterOrEqual(0),
                Arbitraries.of(true, false),
                Arbitraries.longs().greaterOrEqual(1),
                few(entry))
            .as(TrafficReport::new),
        Combinators.combine(ANY_LONG, COUNT, Arbitraries.integers().greaterOrEqual(0))
            .as(TrafficAcknowledged::new));
  }

  private static List<Arbitrary<? extends SouthboundMessage>> migrations() {
    Arbitrary<OperationId> operation = ArbitraryValues.names().map(OperationId::new);
    Arbitrary<Migration> migration =
        Combinators.combine(operation, ArbitraryValues.addresses(), FE, FE)
            .filter((id, vm, from, to) -> !from.equals(to))
            .as(Migration::new);
    return List.of(
        Combinators.combine(migration, Arbitraries.of(MigrationPhase.class), texts(0))
            .as(MigrationCommand::new),
        Combinators.combine(
                operation,
                Arbitraries.of(MigrationPhase.class),
                Arbitraries.of(MigrationState.class),
                COUNT,
                COUNT,
                texts(0))
            .as(MigrationReport::new));
  }

  private static List<Arbitrary<? extends SouthboundMessage>> vms() {
    Arbitrary<VmUse> vm =
        Combinators.combine(
                ArbitraryValues.addresses(),
                Arbitraries.longs().between(1, VmUse.MEMORY_MIB_MAX),
                Arbitraries.longs().between(0, VmUse.DIRTY_KBPS_MAX))
            .as(VmUse::new);
    return List.of(
        Combinators.combine(Arbitraries.longs().greaterOrEqual(1), few(vm)).as(VmReport::new));
  }

  private static <T> Arbitrary<List<T>> few(Arbitrary<T> elements) {
    return elements.list().ofMaxSize(8);
  }

  /** Up to 63 characters of up to 4 bytes: what certainly fits a text field. */
  private static Arbitrary<String> texts(int charsMin) {
    Arbitrary<String> ascii =
        Arbitraries.strings().withCharRange(' ', '~').ofMinLength(charsMin).ofMaxLength(253);
    Arbitrary<String> unicode =
        Arbitraries.of("é", "漢", "𝄞", "a")
            .list()
            .ofMinSize(charsMin)
            .ofMaxSize(63)
            .map(parts -> String.join("", parts));
    return Arbitraries.oneOf(ascii, unicode);
  }
}
