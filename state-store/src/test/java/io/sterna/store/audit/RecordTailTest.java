package io.sterna.store.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.store.chain.Chain;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.trial.RandomJournal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordTailTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/24");
  private static final int PAGE = 96;

  /**
   * A journal as it comes to be: owners take an epoch, read, and write; what late owners wrote may
   * be there before the row that counts, or long after it.
   */
  private static final class Growing {
    final List<Arrival> arrivals = new ArrayList<>();
    private final List<StoredRow> rows = new ArrayList<>();
    private RecordTail.Latest latest = new RecordTail.Latest(0, "");

    /** Either a row, or that an epoch is taken. */
    private record Arrival(StoredRow row, RecordTail.Latest taken) {}

    static Growing of(long seed, int places, Random random) throws Exception {
      RandomJournal journal = new RandomJournal(RANGE, RecordOfChance.SHAPE, seed);
      List<StoredRow> all = new ArrayList<>();
      while (all.size() < places || !journal.atEndOfPlace()) {
        all.add(journal.next());
      }
      Growing made = new Growing();
      List<Arrival> late = new ArrayList<>();
      List<Recorded> counts = new ArrayList<>();
      RangeRecord.whole(RANGE, all.iterator()).forEachRemaining(counts::add);
      for (Recorded each : counts) {
        if (each.row() instanceof RangeActivated activated) {
          // Whoever takes it reads after that: only what counts is there, and what never will.
          made.take(activated.epoch(), activated.controller().value(), all, random, late, each);
        }
        made.passedBy(each, all);
        made.arrivals.add(new Arrival(stored(all, each), new RecordTail.Latest(0, "")));
        while (!late.isEmpty() && random.nextInt(4) == 0) {
          made.arrivals.add(late.remove(0));
        }
      }
      made.arrivals.addAll(late);
      return made;
    }

    /**
     * An owner has taken its epoch and read, and does not know of the row that is written now. Its
     * own first row arrives after the next owner has read.
     */
    private void passedBy(Recorded counts, List<StoredRow> all) throws Exception {
      for (StoredRow row : all) {
        RangeEvent event = row.open();
        if (row.number() == counts.number()
            && event.epoch() > counts.row().epoch()
            && event instanceof RangeActivated activated) {
          String controller = activated.controller().value();
          arrivals.add(new Arrival(row, new RecordTail.Latest(event.epoch(), controller)));
        }
      }
    }

    /** Rows of earlier epochs that stand at this place or behind it arrive from now on. */
    private void take(
        long epoch,
        String controller,
        List<StoredRow> all,
        Random random,
        List<Arrival> late,
        Recorded first)
        throws Exception {
      arrivals.add(new Arrival(stored(all, first), new RecordTail.Latest(epoch, controller)));
      for (StoredRow row : all) {
        RangeEvent event = row.open();
        boolean before = event.epoch() < epoch && row.number() >= first.number() - 1;
        if (before && row.number() <= first.number() + 2) {
          Arrival arrival = new Arrival(row, new RecordTail.Latest(0, ""));
          if (late.isEmpty() && random.nextBoolean()) {
            arrivals.add(arrival);
          } else {
            late.add(arrival);
          }
        }
      }
    }

    private static StoredRow stored(List<StoredRow> all, Recorded recorded) {
      return all.stream()
          .filter(row -> row.number() == recorded.number() && isOf(row, recorded))
          .findFirst()
          .orElseThrow();
    }

    private static boolean isOf(StoredRow row, Recorded recorded) {
      try {
        return row.open().hash().equals(recorded.row().hash());
      } catch (io.sterna.store.codec.MalformedRecordException e) {
        return false;
      }
    }

    void arrive() {
      Arrival next = arrivals.remove(0);
      if (next.taken().epoch() > 0) {
        latest = next.taken();
      } else if (!rows.contains(next.row())) {
        rows.add(next.row());
      }
    }

    List<StoredRow> read(long from) {
      return rows.stream()
          .filter(row -> row.number() >= from)
          .sorted(Comparator.comparingLong(StoredRow::number))
          .limit(PAGE)
          .toList();
    }

    List<Recorded> whole() {
      List<Recorded> counts = new ArrayList<>();
      RangeRecord.whole(RANGE, read(1, Integer.MAX_VALUE).iterator()).forEachRemaining(counts::add);
      return counts;
    }

    private List<StoredRow> read(long from, int rowsMax) {
      return rows.stream()
          .filter(row -> row.number() >= from)
          .sorted(Comparator.comparingLong(StoredRow::number))
          .limit(rowsMax)
          .toList();
    }

    /** Who began an epoch, as a journal tells. */
    String owner(long epoch) {
      return whole().stream()
          .filter(each -> each.row().epoch() == epoch)
          .map(Recorded::owner)
          .findFirst()
          .orElse("");
    }
  }

  @Test
  void whereverItIsCutTheRestIsThereOnceAndInOrder() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      Growing journal = Growing.of(seed, 300, random);
      RecordTail tail = RecordTail.after(RANGE, 0, journal::owner);
      List<Recorded> given = new ArrayList<>();
      int cuts = 0;
      while (!journal.arrivals.isEmpty()) {
        for (int i = random.nextInt(12); i > 0 && !journal.arrivals.isEmpty(); i--) {
          journal.arrive();
        }
        List<StoredRow> rows = journal.read(tail.readFrom());
        // An epoch may be taken, and rows arrive, between the two questions.
        for (int i = random.nextInt(3); i > 0 && !journal.arrivals.isEmpty(); i--) {
          journal.arrive();
        }
        given.addAll(tail.add(rows, journal.latest));
        if (random.nextInt(3) == 0) {
          tail = RecordTail.after(RANGE, tail.given(), journal::owner);
          cuts++;
        }
      }
      for (int i = 0; i < 20; i++) {
        given.addAll(tail.add(journal.read(tail.readFrom()), journal.latest));
      }
      List<Recorded> whole = journal.whole();
      for (int i = 0; i < Math.min(whole.size(), given.size()); i++) {
        assertEquals(whole.get(i), given.get(i), "seed " + seed);
      }
      assertEquals(whole.size(), given.size(), "seed " + seed);
      assertTrue(cuts > 3, "seed " + seed);
    }
  }

  @Test
  void whatIsNotSureYetIsNotGiven() {
    RangeActivated first = Chain.activated(RANGE, 1, owner("c1"), 0, 1, genesis());
    RangeActivated late = Chain.activated(RANGE, 2, owner("c2"), 0, 2, first.hash());
    RangeActivated next = Chain.activated(RANGE, 3, owner("c3"), 0, 3, first.hash());
    RecordTail tail = RecordTail.after(RANGE, 0, epoch -> "");
    assertEquals(1, tail.add(List.of(stored(1, first)), new RecordTail.Latest(1, "c1")).size());
    List<StoredRow> doubtful = List.of(stored(2, late));
    assertEquals(List.of(), tail.add(doubtful, new RecordTail.Latest(3, "c3")));
    List<Recorded> sure =
        tail.add(List.of(stored(2, late), stored(2, next)), new RecordTail.Latest(3, "c3"));
    assertEquals(List.of(next), sure.stream().map(Recorded::row).toList());
  }

  @Test
  void nowIsAfterAllThatIsSure() throws Exception {
    Growing journal = Growing.of(3, 300, new Random(3));
    while (!journal.arrivals.isEmpty()) {
      journal.arrive();
    }
    long newest = journal.whole().size();
    RecordTail tail = RecordTail.fromNow(RANGE, newest, journal::owner);
    assertEquals(List.of(), tail.add(journal.read(tail.readFrom()), journal.latest));
    assertEquals(newest, tail.given());
  }

  @Test
  void aMissingRowIsAnErrorAndNoPause() throws Exception {
    Growing journal = Growing.of(5, 80, new Random(5));
    while (!journal.arrivals.isEmpty()) {
      journal.arrive();
    }
    long hole = journal.whole().size() - 3L;
    journal.rows.removeIf(row -> row.number() == hole);
    RecordTail tail = RecordTail.after(RANGE, 0, journal::owner);
    List<Recorded> given = new ArrayList<>();
    BrokenRecordException broken =
        assertThrows(
            BrokenRecordException.class,
            () -> {
              for (int i = 0; i < 10; i++) {
                given.addAll(tail.add(journal.read(tail.readFrom()), journal.latest));
              }
            });
    assertEquals(hole + 1, broken.number());
    assertTrue(given.size() < hole, "" + given.size());
  }

  private static ControllerId owner(String name) {
    return new ControllerId(name);
  }

  private static io.sterna.protocol.ChainHash genesis() {
    return io.sterna.protocol.ChainHash.GENESIS;
  }

  private static StoredRow stored(long number, RangeEvent row) {
    return new StoredRow(number, StoredRow.FORMAT, EventCodec.encode(row));
  }
}
