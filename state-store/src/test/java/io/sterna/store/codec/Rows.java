package io.sterna.store.codec;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import io.sterna.store.event.Order;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeSnapshot;
import java.util.List;

/** One example of each record, with every field different from every other. */
public final class Rows {
  public static final RangeActivated ACTIVATED =
      Chain.activated(
          RangeId.parse("10.10.16.0/20"),
          7,
          new ControllerId("c1"),
          300,
          1_700_000_000_001L,
          ChainHash.GENESIS);

  public static final RangeCommitted COMMITTED =
      Chain.committed(
          7,
          301,
          1_700_000_000_002L,
          List.of(
              new Entry.Bound(
                  binding("10.10.16.5", "fe1", 4),
                  Evidence.GRATUITOUS_ARP,
                  new FeId("fe1"),
                  3,
                  new FeId("fe2")),
              new Entry.Refused(
                  IpAddress.parse("fd0a:10::5"),
                  new FeId("fe3"),
                  MacAddress.parse("02:00:00:00:00:09"),
                  RejectReason.STALE,
                  Evidence.DAD_NS,
                  2),
              new Entry.Bound(
                  binding("fd0a:10::7", "fe1", 1),
                  Evidence.UNSOLICITED_NA,
                  new FeId("fe9"),
                  0,
                  null)),
          ACTIVATED.hash());

  /** The kinds of entries that came later. */
  public static final RangeCommitted HOUSEKEPT =
      Chain.committed(
          7,
          303,
          1_700_000_000_003L,
          List.of(
              new Entry.Released(
                  MacAddress.parse("02:00:00:00:00:05"),
                  binding("10.10.16.5", "fe1", 4).released(),
                  Evidence.PROBE_UNANSWERED,
                  new FeId("fe1"),
                  4),
              new Entry.RefusalsOmitted(new FeId("fe3"), 300),
              new Entry.Noted(IpAddress.parse("fd0a:10::7"), Note.DAMPED, 1)),
          COMMITTED.hash());

  private static final Order RESTORE =
      new Order("ann@example.org", "192.0.2.7", "Brand in Köln", 1_700_000_000_000L);

  /** What operators asked for. */
  public static final RangeCommitted ORDERED =
      Chain.committed(
          7,
          304,
          1_700_000_000_004L,
          List.of(
              new Entry.Assigned(binding("10.10.16.5", "fe2", 6), RESTORE, 5, new FeId("fe1")),
              new Entry.Withdrawn(
                  MacAddress.parse("02:00:00:00:00:05"),
                  binding("fd0a:10::7", "fe1", 1).released(),
                  RESTORE,
                  1),
              new Entry.Declined(
                  IpAddress.parse("10.10.16.9"),
                  new FeId("fe7"),
                  MacAddress.parse("02:00:00:00:00:09"),
                  RejectReason.UNKNOWN_FE,
                  RESTORE,
                  300),
              new Entry.Declined(
                  IpAddress.parse("10.10.16.9"),
                  null,
                  MacAddress.NONE,
                  RejectReason.STALE,
                  new Order(Order.ANONYMOUS, "", "", 0),
                  2),
              new Entry.Cleared(
                  IpAddress.parse("10.10.16.9"), new Order("bob", "127.0.0.1", "", 0), 3),
              new Entry.Assigned(binding("10.10.16.6", "fe2", 1), RESTORE, 0, null)),
          HOUSEKEPT.hash());

  public static final RangeSnapshot SNAPSHOT =
      new RangeSnapshot(
          7,
          303,
          COMMITTED.hash(),
          List.of(
              binding("10.10.16.5", "fe1", 4),
              binding("10.10.16.6", "fe2", 1),
              binding("10.10.18.0", "fe1", 300),
              binding("fd0a:10::7", "fe1", 1)));

  private Rows() {}

  public static Binding binding(String address, String fe, long version) {
    MacAddress mac = MacAddress.parse("02:00:00:00:00:05");
    return new Binding(IpAddress.parse(address), new FeId(fe), mac, version);
  }
}
