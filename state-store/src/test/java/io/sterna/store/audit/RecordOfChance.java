package io.sterna.store.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.trial.RandomJournal;
import io.sterna.store.trial.Tampering;
import io.sterna.store.trial.Tampering.Place;
import io.sterna.store.trial.Tampering.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Journals of some ranges in memory, that can be tampered with. */
final class RecordOfChance {
  static final RandomJournal.Shape SHAPE = new RandomJournal.Shape(40, 6, 15);

  final Map<RangeId, List<StoredRow>> rows = new TreeMap<>();
  final Map<RangeId, List<StoredSnapshot>> snapshots = new TreeMap<>();
  final List<Head> heads = new ArrayList<>();

  static RecordOfChance of(int ranges, int places, long seed) {
    RecordOfChance made = new RecordOfChance();
    for (int i = 0; i < ranges; i++) {
      RangeId range = RangeId.parse("10.10." + i + ".0/24");
      RandomJournal journal = new RandomJournal(range, SHAPE, seed);
      List<StoredRow> all = new ArrayList<>();
      List<StoredSnapshot> kept = new ArrayList<>();
      while (true) {
        all.add(journal.next());
        long number = all.get(all.size() - 1).number();
        if (journal.atEndOfPlace() && number % 50 == 0) {
          kept.add(journal.snapshot());
        }
        if (journal.atEndOfPlace() && number >= places) {
          break;
        }
      }
      made.rows.put(range, all);
      made.snapshots.put(range, kept);
      made.heads.add(journal.head());
    }
    return made;
  }

  Tampering.Target target() {
    Map<RangeId, TreeMap<Long, byte[]>> single = new TreeMap<>();
    rows.forEach(
        (range, all) -> {
          TreeMap<Long, byte[]> kept = new TreeMap<>();
          for (StoredRow row : all) {
            long beside = all.stream().filter(each -> each.number() == row.number()).count();
            if (beside == 1) {
              kept.put(row.number(), row.bytes());
            }
          }
          single.put(range, kept);
        });
    Map<RangeId, TreeMap<Long, byte[]>> shots = new TreeMap<>();
    snapshots.forEach(
        (range, all) -> {
          TreeMap<Long, byte[]> byNumber = new TreeMap<>();
          all.forEach(each -> byNumber.put(each.number(), each.bytes()));
          shots.put(range, byNumber);
        });
    return new Tampering.Target(single, shots);
  }

  RecordOfChance after(Tampering tampering) {
    RecordOfChance copy = new RecordOfChance();
    rows.forEach((range, all) -> copy.rows.put(range, new ArrayList<>(all)));
    snapshots.forEach((range, all) -> copy.snapshots.put(range, new ArrayList<>(all)));
    copy.heads.addAll(heads);
    tampering.steps().forEach(copy::apply);
    return copy;
  }

  List<StoredRow> rowsOf(RangeId range) {
    return Objects.requireNonNull(rows.get(range));
  }

  List<StoredSnapshot> snapshotsOf(RangeId range) {
    return Objects.requireNonNull(snapshots.get(range));
  }

  private void apply(Step step) {
    if (step instanceof Step.Overwrite over) {
      remove(over.at());
      add(over.at(), over.bytes());
    } else if (step instanceof Step.Remove gone) {
      remove(gone.at());
    } else if (step instanceof Step.Add more) {
      add(more.at(), more.bytes());
    } else if (step instanceof Step.OverwriteSnapshot old) {
      List<StoredSnapshot> all = snapshotsOf(old.at().range());
      all.removeIf(each -> each.number() == old.at().number());
      all.add(new StoredSnapshot(old.at().number(), old.bytes()));
    }
  }

  private void remove(Place place) {
    rowsOf(place.range()).removeIf(each -> each.number() == place.number());
  }

  private void add(Place place, byte[] bytes) {
    List<StoredRow> all = rowsOf(place.range());
    int i = 0;
    while (i < all.size() && all.get(i).number() <= place.number()) {
      i++;
    }
    all.add(i, new StoredRow(place.number(), StoredRow.FORMAT, bytes));
  }

  Map<RangeId, Verdict> verify() {
    Map<RangeId, Verdict> verdicts = new TreeMap<>();
    rows.forEach(
        (range, all) -> {
          Verification verification = new Verification(range, snapshotsOf(range), heads);
          all.forEach(verification::add);
          verdicts.put(range, verification.end());
        });
    return verdicts;
  }
}
