package io.sterna.controller.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.RowSource;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.chain.Chain;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Pages of the log where owners' clocks differ. */
class LogPageTest {
  private static final RangeId A = RangeId.parse("10.10.0.0/24");
  private static final RangeId B = RangeId.parse("10.10.1.0/24");
  private static final List<RangeId> RANGES = List.of(A, B);
  private static final long BEGIN = 1_750_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final int ROWS = 200;

  private final Rows rows = new Rows();

  /** The rows of ranges, in memory; halving is that of the journal. */
  private static final class Rows implements RowSource {
    private final Map<RangeId, List<RangeEvent>> events = new TreeMap<>();

    private List<RangeEvent> of(RangeId range) {
      return events.computeIfAbsent(range, key -> new ArrayList<>());
    }

    void own(RangeId range, long epoch, String owner, long atEpochMillis) {
      of(range)
          .add(
              Chain.activated(
                  range,
                  epoch,
                  new ControllerId(owner),
                  revision(range),
                  atEpochMillis,
                  head(range)));
    }

    void commit(RangeId range, long epoch, int entries, long atEpochMillis) {
      List<Entry> made = new ArrayList<>();
      for (int i = 0; i < entries; i++) {
        FeId fe = new FeId("fe1");
        IpAddress first = range.prefix().address();
        IpAddress address = new IpAddress(first.high(), first.low() + i);
        Binding binding = new Binding(address, fe, new MacAddress(0x02_00_00_00_00_01L), 1);
        made.add(new Entry.Bound(binding, Evidence.RARP, fe, 0, null));
      }
      of(range).add(Chain.committed(epoch, revision(range) + 1, atEpochMillis, made, head(range)));
    }

    private ChainHash head(RangeId range) {
      List<RangeEvent> its = of(range);
      return its.isEmpty() ? ChainHash.GENESIS : its.get(its.size() - 1).hash();
    }

    private long revision(RangeId range) {
      List<RangeEvent> its = of(range);
      return its.isEmpty() ? 0 : its.get(its.size() - 1).lastRevision();
    }

    @Override
    public Iterator<StoredRow> rows(RangeId range, long from) {
      List<StoredRow> all = new ArrayList<>();
      for (long number = from; number <= lastNumber(range); number++) {
        all.addAll(at(range, number));
      }
      return all.iterator();
    }

    @Override
    public List<StoredRow> at(RangeId range, long number) {
      return number < 1 || number > lastNumber(range)
          ? List.of()
          : List.of(
              new StoredRow(
                  number, StoredRow.FORMAT, EventCodec.encode(of(range).get((int) number - 1))));
    }

    @Override
    public long lastNumber(RangeId range) {
      return of(range).size();
    }

    @Override
    public long firstWhere(RangeId range, Predicate<StoredRow> holds) {
      long low = 1;
      long high = lastNumber(range) + 1;
      while (low < high) {
        long middle = (low + high) >>> 1;
        if (at(range, middle).stream().anyMatch(holds)) {
          high = middle;
        } else {
          low = middle + 1;
        }
      }
      return low;
    }

    @Override
    public Optional<StoredRow> newest(RangeId range) {
      return at(range, lastNumber(range)).stream().findFirst();
    }

    @Override
    public List<StoredSnapshot> snapshots(RangeId range) {
      return List.of();
    }
  }

  /** In A the first owner's clock is an hour ahead; in B all is right. */
  private void clocksThatDiffer() {
    rows.own(A, 1, "c1", BEGIN + HOUR);
    rows.own(B, 1, "c2", BEGIN);
    for (int i = 1; i < ROWS; i++) {
      rows.commit(A, 1, 3, BEGIN + HOUR + i * 1_000L);
      rows.commit(B, 1, 2, BEGIN + i * 1_000L);
    }
    rows.own(A, 2, "c2", BEGIN + ROWS * 1_000L);
    for (int i = 1; i < 3 * ROWS; i++) {
      rows.commit(A, 2, 3, BEGIN + (ROWS + i) * 1_000L);
      rows.commit(B, 1, 2, BEGIN + (ROWS + i) * 10_000L);
    }
  }

  private List<String> all(AuditFilter filter, int limit) {
    List<String> ids = new ArrayList<>();
    Optional<String> cursor = Optional.empty();
    do {
      AuditReading.Page<AuditEntry> page = page(filter, cursor, limit);
      assertTrue(page.entries().size() <= limit);
      List<AuditEntry> ordered = page.entries().stream().sorted(AuditEntry.ORDER).toList();
      assertEquals(ordered, page.entries());
      page.entries().forEach(entry -> ids.add(entry.id()));
      cursor = Optional.ofNullable(page.next());
    } while (cursor.isPresent());
    return ids;
  }

  private AuditReading.Page<AuditEntry> page(
      AuditFilter filter, Optional<String> cursor, int limit) {
    return new LogPage(new Beginning(rows), RANGES).read(filter, cursor, limit, entry -> entry);
  }

  private static AuditFilter from(long fromMillis) {
    return new AuditFilter(null, null, null, null, null, null, fromMillis, Long.MAX_VALUE);
  }

  private static List<String> sorted(List<String> ids) {
    return ids.stream().sorted().toList();
  }

  @Test
  void pagesAreTogetherTheWholeThoughClocksDiffer() {
    clocksThatDiffer();
    List<String> whole = all(from(Long.MIN_VALUE), Integer.MAX_VALUE);
    assertEquals(2 + 3 * (4 * ROWS - 2) + 2 * (4 * ROWS - 2) + 1, whole.size());
    for (int limit : List.of(1, 7, 100, 1_001)) {
      assertEquals(sorted(whole), sorted(all(from(Long.MIN_VALUE), limit)), "limit " + limit);
    }
  }

  @Test
  void whatIsShownLaterThanItsTimeIsFoundByThatTime() {
    clocksThatDiffer();
    for (long after : List.of(150_000L, 300_000L, HOUR - 60_000, HOUR + 100_000)) {
      List<String> expected =
          page(from(Long.MIN_VALUE), Optional.empty(), Integer.MAX_VALUE).entries().stream()
              .filter(entry -> entry.recorded().atEpochMillis() >= BEGIN + after)
              .map(AuditEntry::id)
              .toList();
      assertFalse(expected.isEmpty());
      for (int limit : List.of(50, Integer.MAX_VALUE)) {
        assertEquals(
            sorted(expected), sorted(all(from(BEGIN + after), limit)), after + " by " + limit);
      }
    }
  }

  @Test
  void whatIsCommittedBehindAPageIsOnTheNext() {
    rows.own(A, 1, "c1", BEGIN);
    rows.own(B, 1, "c2", BEGIN);
    rows.commit(A, 1, 3, BEGIN + 60_000);
    AuditReading.Page<AuditEntry> first = page(from(Long.MIN_VALUE), Optional.empty(), 4);
    assertNotNull(first.next());
    String next = String.valueOf(first.next());
    rows.commit(B, 1, 2, BEGIN + 30_000);
    List<String> rest =
        page(from(Long.MIN_VALUE), Optional.of(next), 10).entries().stream()
            .map(AuditEntry::id)
            .toList();
    assertEquals(List.of(B + ":2.0", B + ":2.1", A + ":2.2"), rest);
  }

  @Test
  void aCursorIsOfThisLogAndItsRanges() {
    clocksThatDiffer();
    String cursor = String.valueOf(page(from(Long.MIN_VALUE), Optional.empty(), 5).next());
    assertEquals(cursor, Cursor.parse(cursor, RANGES).text());
    assertThrows(IllegalArgumentException.class, () -> Cursor.parse(cursor, List.of(A)));
    assertThrows(IllegalArgumentException.class, () -> FollowCursor.parse(cursor, RANGES));
    String followed = FollowCursor.text(RANGES, List.of(1L, 2L));
    for (String bad : List.of("", "%", "bm9uc2Vuc2U", cursor + "AA", followed)) {
      assertThrows(IllegalArgumentException.class, () -> Cursor.parse(bad, RANGES), bad);
    }
  }
}
