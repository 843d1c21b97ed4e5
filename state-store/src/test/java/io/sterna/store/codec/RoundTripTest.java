package io.sterna.store.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import io.sterna.store.event.Order;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RoundTripTest {
  @Property(tries = 300)
  void everyRowComesBackAndFitsItsChain(@ForAll("rows") RangeEvent row)
      throws MalformedRecordException {
    RangeEvent decoded = EventCodec.decodeRow(EventCodec.encode(row));
    assertEquals(row, decoded);
    assertEquals(Optional.empty(), Chain.fault(row.previousHash(), decoded));
  }

  @Property(tries = 300)
  void everySnapshotComesBack(@ForAll("snapshots") RangeSnapshot snapshot)
      throws MalformedRecordException {
    assertEquals(snapshot, EventCodec.decodeSnapshot(EventCodec.encode(snapshot)));
  }

  @Provide
  Arbitrary<RangeEvent> rows() {
    Arbitrary<RangeEvent> committed =
        Combinators.combine(
                positive(), positive(), natural(), entries().list().ofMinSize(1).ofMaxSize(20))
            .as((epoch, first, at, list) -> Chain.committed(epoch, first, at, list, previous()));
    Arbitrary<RangeEvent> activated =
        Combinators.combine(ranges(), positive(), names(), natural(), natural())
            .as(
                (range, epoch, name, revision, at) ->
                    Chain.activated(
                        range, epoch, new ControllerId(name), revision, at, previous()));
    return Arbitraries.oneOf(committed, activated);
  }

  @Provide
  Arbitrary<RangeSnapshot> snapshots() {
    return Combinators.combine(
            natural(), natural(), bindings().list().uniqueElements(Binding::address).ofMaxSize(50))
        .as((epoch, revision, list) -> new RangeSnapshot(epoch, revision, previous(), list));
  }

  private static Arbitrary<Entry> entries() {
    Arbitrary<Entry> bound =
        Combinators.combine(
                bindings(),
                Arbitraries.of(Evidence.class),
                names(),
                natural(),
                names().injectNull(0.3))
            .as(
                (binding, evidence, claimant, seen, previous) ->
                    new Entry.Bound(
                        binding,
                        evidence,
                        new FeId(claimant),
                        seen,
                        previous == null ? null : new FeId(previous)));
    Arbitrary<Entry> refused =
        Combinators.combine(
                addresses(),
                names(),
                macs(),
                Arbitraries.of(RejectReason.class),
                Arbitraries.of(Evidence.class),
                natural())
            .as(
                (address, claimant, mac, reason, evidence, seen) ->
                    new Entry.Refused(address, new FeId(claimant), mac, reason, evidence, seen));
    Arbitrary<Entry> released =
        Combinators.combine(
                bindings().filter(binding -> binding.version() < Long.MAX_VALUE),
                Arbitraries.of(Evidence.class),
                natural())
            .as(
                (binding, evidence, seen) ->
                    new Entry.Released(
                        binding.mac(), binding.released(), evidence, binding.fe(), seen));
    Arbitrary<Entry> omitted =
        Combinators.combine(names(), positive())
            .as((fe, count) -> new Entry.RefusalsOmitted(new FeId(fe), count));
    Arbitrary<Entry> noted =
        Combinators.combine(addresses(), Arbitraries.of(Note.class), natural())
            .as(Entry.Noted::new);
    return Arbitraries.oneOf(bound, refused, released, omitted, noted, ordered());
  }

  private static Arbitrary<Entry> ordered() {
    Arbitrary<Entry> assigned =
        Combinators.combine(
                bindings().filter(binding -> !binding.isReleased()),
                orders(),
                natural(),
                names().injectNull(0.3))
            .as(
                (binding, order, seen, previous) ->
                    new Entry.Assigned(
                        binding, order, seen, previous == null ? null : new FeId(previous)));
    Arbitrary<Entry> withdrawn =
        Combinators.combine(
                bindings().filter(binding -> binding.version() < Long.MAX_VALUE),
                orders(),
                natural())
            .as(
                (binding, order, seen) ->
                    new Entry.Withdrawn(binding.mac(), binding.released(), order, seen));
    Arbitrary<Entry> declined =
        Combinators.combine(
                addresses(),
                names().injectNull(0.3),
                macs(),
                Arbitraries.of(RejectReason.class),
                orders(),
                natural())
            .as(
                (address, fe, mac, reason, order, seen) ->
                    new Entry.Declined(
                        address, fe == null ? null : new FeId(fe), mac, reason, order, seen));
    Arbitrary<Entry> cleared =
        Combinators.combine(addresses(), orders(), natural()).as(Entry.Cleared::new);
    return Arbitraries.oneOf(assigned, withdrawn, declined, cleared);
  }

  /** Few, so that rows have several entries of one. */
  private static Arbitrary<Order> orders() {
    return Arbitraries.of(
        new Order("ann", "192.0.2.1", "", 1),
        new Order("Bob.B_2@x-y", "fe80::1%eth0", "wegen Überlast \uD83D\uDD25", Long.MAX_VALUE),
        new Order(Order.ANONYMOUS, "", "x".repeat(Order.WHY_CHARS_MAX), 0),
        new Order("o".repeat(63), "1".repeat(64), "\uFFFD\u20AC".repeat(100), 0));
  }

  private static Arbitrary<Binding> bindings() {
    return Combinators.combine(addresses(), names(), macs(), positive())
        .as((address, fe, mac, version) -> new Binding(address, new FeId(fe), mac, version));
  }

  private static Arbitrary<IpAddress> addresses() {
    Arbitrary<IpAddress> v4 = Arbitraries.integers().map(IpAddress::ofV4);
    Arbitrary<IpAddress> v6 =
        Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(IpAddress::new);
    Arbitrary<IpAddress> close =
        Arbitraries.longs().between(0, 99).map(low -> new IpAddress(0xfd0a_0010L << 32, low));
    return Arbitraries.oneOf(v4, v6, close);
  }

  private static Arbitrary<RangeId> ranges() {
    return Combinators.combine(addresses(), Arbitraries.integers().between(0, 32))
        .as((address, length) -> new RangeId(IpPrefix.around(address, length)));
  }

  private static Arbitrary<MacAddress> macs() {
    return Arbitraries.longs().between(0, (1L << 48) - 1).map(MacAddress::new);
  }

  private static Arbitrary<String> names() {
    return Arbitraries.strings().withCharRange('a', 'z').numeric().ofMinLength(1).ofMaxLength(63);
  }

  private static Arbitrary<Long> positive() {
    return Arbitraries.longs().between(1, Long.MAX_VALUE);
  }

  private static Arbitrary<Long> natural() {
    return Arbitraries.longs().between(0, Long.MAX_VALUE);
  }

  private static ChainHash previous() {
    return Rows.ACTIVATED.hash();
  }
}
