package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks the record of one range, row by row, and goes on after a fault: names every row that is
 * not as it was written, and says that all others are. Not thread-safe.
 *
 * <p>While one row follows the other it keeps nothing but the last and the table (for snapshots).
 * From the first row that does not, it collects rows until {@value #CALM_ROWS} have followed each
 * other again, and has a {@link Window} tell what belongs where.
 */
public final class Verification {
  /** So many faults of a range are kept; more are counted. */
  public static final int FAULTS_MAX = 1000;

  static final int CALM_ROWS = 8;

  /** Bounds memory where nothing fits for long. */
  static final int WINDOW_ROWS_MAX = 4096;

  private static final Window.Found BEGINNING = new Window.Found(0, null, "");

  private final RangeId range;
  private final PastTable table = new PastTable();
  private final TreeMap<Long, List<StoredSnapshot>> snapshots = new TreeMap<>();
  private final Map<ChainHash, Head> heads = new HashMap<>();
  private final Set<ChainHash> headsFound = new HashSet<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<Window.Found> window = new ArrayList<>();
  private Window.Found last = BEGINNING;
  private int calm;

  /** All places up to here were judged. */
  private long closed;

  private boolean tableIsSure = true;
  private long faultCount;
  private long intactRows;
  private long discardedRows;
  private long lastRow;
  private int snapshotsGood;

  /**
   * @param snapshots all that the range has
   * @param heads what was signed of it; those of other ranges are passed over
   */
  public Verification(RangeId range, Collection<StoredSnapshot> snapshots, Collection<Head> heads) {
    this.range = range;
    for (StoredSnapshot each : snapshots) {
      this.snapshots.computeIfAbsent(each.number(), number -> new ArrayList<>()).add(each);
    }
    for (Head head : heads) {
      if (head.range().equals(range) && !head.hash().equals(ChainHash.GENESIS)) {
        this.heads.put(head.hash(), head);
      }
    }
  }

  /**
   * From a row on that was checked already; the table before it is not known, so that bindings of
   * snapshots are not looked at.
   *
   * @param before the last row that counts before the first to be added
   * @param snapshots those after that row
   * @param heads those after that row
   */
  public static Verification after(
      RangeId range, Placed before, Collection<StoredSnapshot> snapshots, Collection<Head> heads) {
    Verification verification = new Verification(range, snapshots, heads);
    verification.last = new Window.Found(before.number(), before.row(), "");
    verification.closed = before.number();
    verification.lastRow = before.number();
    verification.tableIsSure = false;
    return verification;
  }

  /** Takes the next row: numbers ascend, rows of one number come in any order. */
  public void add(StoredRow stored) {
    Window.Found next = open(stored);
    if (stored.number() < 1 || stored.number() < lastRow) {
      outOfOrder(next);
      return;
    }
    boolean follows = follows(window.isEmpty() ? last : window.get(window.size() - 1), next);
    lastRow = stored.number();
    window.add(next);
    calm = follows ? calm + 1 : 0;
    boolean simple = window.size() == calm;
    if (simple && window.size() > 1) {
      // The place of all but the newest is closed: no second row can come any more.
      accept(window.remove(0));
      calm--;
    } else if (!simple
        && ((calm > CALM_ROWS && isHighest(next)) || window.size() >= WINDOW_ROWS_MAX)) {
      Window.Found newest = window.remove(window.size() - 1);
      judge(calm > CALM_ROWS);
      window.add(newest);
      calm = follows(last, newest) ? 1 : 0;
    }
  }

  /** No row follows. */
  public Verdict end() {
    boolean simple = window.size() == calm;
    if (simple) {
      window.forEach(this::accept);
    } else {
      judge(false);
    }
    window.clear();
    snapshots.values().forEach(rest -> rest.forEach(this::snapshotWithoutRow));
    signedButMissing();
    RangeEvent row = last.row();
    return new Verdict(
        range,
        intactRows,
        discardedRows,
        lastRow,
        row == null ? 0 : row.lastRevision(),
        row == null ? ChainHash.GENESIS : row.hash(),
        snapshotsGood,
        headsFound.size(),
        0,
        0,
        faults,
        faultCount);
  }

  /** Rows of a higher epoch that follow something may count instead of those in a row. */
  private boolean isHighest(Window.Found next) {
    Set<ChainHash> known = new HashSet<>();
    known.add(last.row() == null ? ChainHash.GENESIS : last.row().hash());
    for (Window.Found each : window) {
      if (each.row() != null) {
        known.add(each.row().hash());
      }
    }
    return window.stream()
        .allMatch(
            each ->
                each.row() == null
                    || each.row().epoch() <= Window.epoch(next)
                    || !known.contains(each.row().previousHash()));
  }

  private void outOfOrder(Window.Found found) {
    RangeEvent row = found.row();
    long revision = row == null ? 0 : row.lastRevision();
    add(
        new Fault(
            range,
            Fault.Kind.FOREIGN,
            found.number(),
            found.number(),
            revision,
            revision,
            "it stands in a part of the journal where no row of this number can be"));
  }

  private static Window.Found open(StoredRow stored) {
    try {
      return new Window.Found(stored.number(), stored.open(), "");
    } catch (MalformedRecordException e) {
      return new Window.Found(stored.number(), null, String.valueOf(e.getMessage()));
    }
  }

  private static boolean follows(Window.Found previous, Window.Found next) {
    RangeEvent before = previous.row();
    if (before == null && previous.number() > 0) {
      return false;
    }
    ChainHash hash = before == null ? ChainHash.GENESIS : before.hash();
    return next.row() != null
        && next.number() == previous.number() + 1
        && next.row().previousHash().equals(hash);
  }

  private void judge(boolean tailIsSure) {
    Window judged = new Window(last, window, tailIsSure);
    Set<Window.Found> discarded = judged.discarded();
    long place = closed + 1;
    long missingFrom = 0;
    int i = 0;
    long end = window.isEmpty() ? closed : window.get(window.size() - 1).number();
    while (place <= end) {
      boolean any = false;
      for (; i < window.size() && window.get(i).number() == place; i++) {
        any = true;
        if (missingFrom > 0) {
          missing(judged, missingFrom, place - 1);
          missingFrom = 0;
        }
        Window.Found each = window.get(i);
        if (discarded.contains(each)) {
          discardedRows++;
          signed(each);
          discardSnapshot(each);
        } else if (!judged.isInPlace(each)) {
          faulty(judged, each);
        }
      }
      if (!any && missingFrom == 0) {
        missingFrom = place;
      }
      Window.Found counts = judged.at(place);
      if (counts != null && judged.isInPlace(counts)) {
        accept(counts);
      }
      place++;
    }
    closed = end;
    window.clear();
  }

  private void faulty(Window judged, Window.Found each) {
    Long belongs = judged.placeOf(each);
    if (each.row() == null) {
      fault(Fault.Kind.ALTERED, judged, each.number(), each.number(), each.wrong());
    } else if (belongs != null) {
      fault(
          Fault.Kind.DISPLACED,
          judged,
          each.number(),
          each.number(),
          "here stands " + (belongs == each.number() ? "a copy of this row" : "row " + belongs));
    } else {
      fault(
          Fault.Kind.FOREIGN,
          judged,
          each.number(),
          each.number(),
          "a row of epoch %d that changes go on from %d in, follows no row that is there"
              .formatted(each.row().epoch(), Window.firstRevision(each.row())));
    }
  }

  private void missing(Window judged, long from, long to) {
    fault(Fault.Kind.MISSING, judged, from, to, "nothing is there");
  }

  private void accept(Window.Found found) {
    RangeEvent row = found.row();
    if (row == null) {
      throw new IllegalArgumentException("row " + found.number() + " cannot be read");
    }
    intactRows++;
    boolean adjacent = last.number() == found.number() - 1;
    tableIsSure &= adjacent;
    if (row instanceof RangeActivated activated && !activated.range().equals(range)) {
      impossible(found, "it says that it is of range " + activated.range());
    } else if (adjacent && !Window.follows(last.row(), row)) {
      impossible(found, "epoch and revision do not follow those of the row before it");
    }
    String wrong = table.apply(found.number(), row);
    if (wrong != null && tableIsSure) {
      impossible(found, wrong);
    }
    signed(found);
    last = found;
    closed = Math.max(closed, found.number());
    List<StoredSnapshot> here = snapshots.remove(found.number());
    if (here != null) {
      here.forEach(each -> check(each, row));
    }
  }

  private void signed(Window.Found found) {
    if (found.row() != null && heads.containsKey(found.row().hash())) {
      headsFound.add(found.row().hash());
    }
  }

  /** A late owner made it, at a row of its own: nobody's replay begins there. */
  private void discardSnapshot(Window.Found discarded) {
    List<StoredSnapshot> here = snapshots.get(discarded.number());
    RangeEvent row = discarded.row();
    if (here != null && row != null && here.removeIf(each -> isOf(each, row)) && here.isEmpty()) {
      snapshots.remove(discarded.number());
    }
  }

  private static boolean isOf(StoredSnapshot stored, RangeEvent row) {
    try {
      return stored.open().hash().equals(row.hash());
    } catch (MalformedRecordException e) {
      return false;
    }
  }

  private void check(StoredSnapshot stored, RangeEvent row) {
    try {
      RangeSnapshot snapshot = stored.open();
      if (!snapshot.hash().equals(row.hash())) {
        snapshotFault(stored, row, "it is of another row: revision " + snapshot.revision());
      } else if (snapshot.epoch() != row.epoch() || snapshot.revision() != row.lastRevision()) {
        snapshotFault(stored, row, "its epoch and revision are not those of its row");
      } else if (tableIsSure && !table.matches(snapshot)) {
        snapshotFault(stored, row, "its bindings are not those that the rows make");
      } else if (tableIsSure) {
        snapshotsGood++;
      }
    } catch (MalformedRecordException e) {
      snapshotFault(stored, row, String.valueOf(e.getMessage()));
    }
  }

  private void snapshotFault(StoredSnapshot stored, RangeEvent row, String reason) {
    long revision = row.lastRevision();
    add(
        new Fault(
            range,
            Fault.Kind.SNAPSHOT,
            stored.number(),
            stored.number(),
            revision,
            revision,
            "the snapshot after this row: " + reason));
  }

  /** Where the row itself is at fault nothing can be said of its snapshot. */
  private void snapshotWithoutRow(StoredSnapshot stored) {
    if (stored.number() <= lastRow) {
      return;
    }
    long revision = last.row() == null ? 0 : last.row().lastRevision();
    String said = "";
    long to = revision;
    try {
      to = stored.open().revision();
      said = ", of revision " + to;
    } catch (MalformedRecordException e) {
      said = ", not to be read: " + e.getMessage();
    }
    add(
        new Fault(
            range,
            Fault.Kind.CUT_OFF,
            lastRow + 1,
            stored.number(),
            revision + 1,
            to,
            "there is a snapshot after row " + stored.number() + said));
  }

  private void signedButMissing() {
    long revision = last.row() == null ? 0 : last.row().lastRevision();
    @Nullable Head furthest = null;
    for (Head head : heads.values()) {
      if (!headsFound.contains(head.hash()) && !explained(head)) {
        if (furthest == null || head.revision() > furthest.revision()) {
          furthest = head;
        }
      }
    }
    if (furthest != null) {
      long agreed =
          headsFound.stream()
              .map(heads::get)
              .mapToLong(head -> head == null ? 0 : head.revision())
              .max()
              .orElse(0);
      boolean beyond = furthest.revision() > revision;
      add(
          new Fault(
              range,
              beyond ? Fault.Kind.CUT_OFF : Fault.Kind.REWRITTEN,
              beyond ? lastRow + 1 : lastRow,
              beyond ? lastRow + 1 : lastRow,
              beyond ? revision + 1 : Math.min(agreed + 1, furthest.revision()),
              furthest.revision(),
              "signed was revision %d of epoch %d with hash %s, which no row has; the newest row is of revision %d"
                  .formatted(furthest.revision(), furthest.epoch(), furthest.hash(), revision)));
    }
  }

  /** Whether the row that was signed is, or can be, one that was found to be lost already. */
  private boolean explained(Head head) {
    return faults.stream()
        .filter(
            fault -> fault.kind() != Fault.Kind.SNAPSHOT && fault.kind() != Fault.Kind.IMPOSSIBLE)
        .anyMatch(
            fault -> {
              // How many changes the newest row had nobody can say any more.
              boolean newest = fault.lastRow() == lastRow && fault.kind() != Fault.Kind.MISSING;
              long to =
                  newest
                      ? fault.firstRevision() + RangeCommitted.MAX_ENTRIES
                      : fault.lastRevision();
              return fault.firstRevision() - 1 <= head.revision() && head.revision() <= to;
            });
  }

  private void impossible(Window.Found found, String reason) {
    long number = found.number();
    RangeEvent row = found.row();
    long to = row == null ? 0 : row.lastRevision();
    long from = row == null ? 0 : Math.min(to, Window.firstRevision(row));
    add(new Fault(range, Fault.Kind.IMPOSSIBLE, number, number, from, to, reason));
  }

  private void fault(Fault.Kind kind, Window judged, long from, long to, String reason) {
    RangeEvent before = last.row();
    RangeEvent after = null;
    long end = window.get(window.size() - 1).number();
    for (long place = to + 1; after == null && place <= end; place++) {
      after = inPlace(judged, place);
    }
    long first = before == null ? 1 : before.lastRevision() + 1;
    long lastLost = after == null ? first : Window.firstRevision(after) - 1;
    add(new Fault(range, kind, from, to, first, lastLost, reason));
  }

  private static @Nullable RangeEvent inPlace(Window judged, long place) {
    Window.Found found = judged.at(place);
    return found != null && judged.isInPlace(found) ? found.row() : null;
  }

  private void add(Fault fault) {
    faultCount++;
    if (faults.size() < FAULTS_MAX) {
      faults.add(fault);
    }
  }
}
