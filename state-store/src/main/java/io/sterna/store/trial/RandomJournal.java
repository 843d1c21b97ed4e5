package io.sterna.store.trial;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.store.audit.Head;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.chain.Chain;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import io.sterna.store.event.Order;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one range, row by row: claims, moves, refusals, orders of operators, owners that
 * fail over, and now and then rows of an owner whose time was over. The same for the same seed. Not
 * thread-safe.
 */
public final class RandomJournal {
  private static final long BEGIN_MILLIS = 1_750_000_000_000L;
  private static final int FES = 8;
  private static final int CONTROLLERS = 3;
  private static final List<Order> ORDERS =
      List.of(
          new Order("ann", "192.0.2.1", "after the fire", BEGIN_MILLIS),
          new Order(Order.ANONYMOUS, "127.0.0.1", "", 0));

  private final RangeId range;
  private final Shape shape;
  private final Random random;
  private final Map<IpAddress, Binding> bindings = new HashMap<>();
  private final Queue<StoredRow> ready = new ArrayDeque<>();

  /** What paused owners write beside the rows that count, by number. */
  private final Map<Long, List<RangeEvent>> lateRows = new HashMap<>();

  private long number;
  private long epoch;
  private long revision;
  private long atEpochMillis = BEGIN_MILLIS;
  private ChainHash hash = ChainHash.GENESIS;

  /**
   * How a journal looks.
   *
   * @param addresses how many VMs there are
   * @param entriesMax the most entries of a row; half of it on average
   * @param failoverEvery rows between two owners, on average
   */
  public record Shape(int addresses, int entriesMax, int failoverEvery) {}

  /** Nothing is written yet. */
  public RandomJournal(RangeId range, Shape shape, long seed) {
    this.range = range;
    this.shape = shape;
    this.random = new Random(seed ^ range.hashCode() * 0x9E3779B97F4A7C15L);
  }

  /** The next row of the journal, which may be one that never counts. */
  public StoredRow next() {
    while (ready.isEmpty()) {
      advance();
    }
    return ready.remove();
  }

  /** Whether the next row stands at a new place. */
  public boolean atEndOfPlace() {
    return ready.isEmpty();
  }

  /** What counts so far; exactly that of all rows given, where a place ends. */
  public List<Binding> bindings() {
    return bindings.values().stream()
        .filter(binding -> !binding.isReleased())
        .sorted((a, b) -> a.address().compareTo(b.address()))
        .toList();
  }

  /** The head of the range. */
  public Head head() {
    return new Head(range, epoch, revision, hash);
  }

  /** A snapshot of what counts so far. */
  public StoredSnapshot snapshot() {
    RangeSnapshot snapshot =
        new RangeSnapshot(epoch, revision, hash, List.copyOf(bindings.values()));
    return new StoredSnapshot(number, EventCodec.encode(snapshot));
  }

  /** When the newest row was written. */
  public long atEpochMillis() {
    return atEpochMillis;
  }

  private void advance() {
    atEpochMillis += random.nextInt(100);
    if (number == 0 || random.nextInt(shape.failoverEvery()) == 0) {
      failOver();
    } else {
      place(commit(epoch, hash, revision, bindings));
    }
  }

  private void failOver() {
    int kind = number == 0 ? 0 : random.nextInt(3);
    if (kind == 1) {
      // The old owner was paused, and wrote one or two rows more after the new one had read.
      Map<IpAddress, Binding> zombie = new HashMap<>(bindings);
      RangeCommitted late = commit(epoch, hash, revision, zombie);
      late(number + 1, late);
      if (random.nextBoolean()) {
        late(number + 2, commit(epoch, late.hash(), late.lastRevision(), zombie));
      }
    } else if (kind == 2) {
      // An owner's first row arrived after the next owner had read that of the old one.
      late(number + 1, Chain.activated(range, epoch + 1, owner(), revision, atEpochMillis, hash));
      place(commit(epoch, hash, revision, bindings));
      epoch++;
    }
    epoch++;
    place(Chain.activated(range, epoch, owner(), revision, atEpochMillis, hash));
  }

  private void late(long at, RangeEvent row) {
    lateRows.computeIfAbsent(at, place -> new ArrayList<>()).add(row);
  }

  private ControllerId owner() {
    return new ControllerId("c" + random.nextInt(CONTROLLERS));
  }

  private void place(RangeEvent row) {
    number++;
    List<StoredRow> here = new ArrayList<>(List.of(stored(row)));
    List<RangeEvent> late = lateRows.remove(number);
    if (late != null) {
      late.forEach(each -> here.add(random.nextInt(here.size() + 1), stored(each)));
    }
    ready.addAll(here);
    revision = row.lastRevision();
    hash = row.hash();
  }

  private StoredRow stored(RangeEvent row) {
    return new StoredRow(number, StoredRow.FORMAT, EventCodec.encode(row));
  }

  private RangeCommitted commit(
      long ofEpoch, ChainHash previous, long from, Map<IpAddress, Binding> table) {
    int count = 1 + random.nextInt(shape.entriesMax());
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(entry(table));
    }
    return Chain.committed(ofEpoch, from + 1, atEpochMillis, entries, previous);
  }

  private Entry entry(Map<IpAddress, Binding> table) {
    IpAddress first = range.prefix().address();
    IpAddress address =
        new IpAddress(first.high(), first.low() + random.nextInt(shape.addresses()));
    Binding old = table.get(address);
    long version = old == null ? 0 : old.version();
    FeId fe = new FeId("fe" + random.nextInt(FES));
    MacAddress mac = new MacAddress(0x02_00_00_00_00_00L + address.low() % 65_536);
    Evidence evidence = random.nextBoolean() ? Evidence.GRATUITOUS_ARP : Evidence.RARP;
    int kind = random.nextInt(100);
    if (kind < 3) {
      return new Entry.Refused(
          address, fe, mac, RejectReason.FROM_THE_FUTURE, evidence, version + 1);
    }
    if (kind < 4) {
      return new Entry.Noted(address, Note.DAMPED, version);
    }
    if (kind < 6 && old != null && !old.isReleased()) {
      Binding released = old.released();
      table.put(address, released);
      return new Entry.Released(mac, released, Evidence.PROBE_UNANSWERED, old.fe(), version);
    }
    if (kind < 8) {
      return ordered(table, address, old, new Binding(address, fe, mac, version + 1));
    }
    Binding binding = new Binding(address, fe, mac, version + 1);
    table.put(address, binding);
    FeId before = old == null || old.isReleased() ? null : old.fe();
    return new Entry.Bound(binding, evidence, fe, version, before);
  }

  private Entry ordered(
      Map<IpAddress, Binding> table, IpAddress address, @Nullable Binding old, Binding wanted) {
    Order order = ORDERS.get(random.nextInt(ORDERS.size()));
    long version = wanted.version() - 1;
    boolean bound = old != null && !old.isReleased();
    int kind = random.nextInt(4);
    if (kind == 0) {
      return new Entry.Declined(
          address, wanted.fe(), wanted.mac(), RejectReason.STALE, order, version + 1);
    } else if (kind == 1) {
      return new Entry.Cleared(address, order, version);
    } else if (kind == 2 && old != null && bound) {
      Binding released = old.released();
      table.put(address, released);
      return new Entry.Withdrawn(old.mac(), released, order, version);
    }
    table.put(address, wanted);
    return new Entry.Assigned(wanted, order, version, old != null && bound ? old.fe() : null);
  }
}
