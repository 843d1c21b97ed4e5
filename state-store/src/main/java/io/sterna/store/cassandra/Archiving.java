package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.archive.ArchiveException;
import io.sterna.store.archive.ArchiveFile;
import io.sterna.store.archive.ArchiveFolder;
import io.sterna.store.archive.ArchiveStep;
import io.sterna.store.archive.Archived;
import io.sterna.store.archive.Places;
import io.sterna.store.archive.Places.Place;
import io.sterna.store.archive.Stretch;
import io.sterna.store.archive.StretchCutter;
import io.sterna.store.audit.BrokenRecordException;
import io.sterna.store.audit.Head;
import io.sterna.store.audit.Placed;
import io.sterna.store.audit.ShortCut;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.audit.Verdict;
import io.sterna.store.audit.Verification;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeSnapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves old rows of a range from the journal to files. Nothing is removed before the file that
 * holds it is on disk, was read back, agrees with the journal row by row, has a whole chain and is
 * on record; whatever ends the process in between, the next run goes on ({@link ArchiveStep}).
 * Blocks; for threads that may. Not thread-safe.
 *
 * <p>Archived is only what an owner never reads again: what lies before the older of its two newest
 * snapshots that it may begin at. From the end of the archive to that snapshot the record must be
 * whole, else nothing is touched.
 */
public final class Archiving {
  /** An owner takes back a few rows behind a snapshot; readers look at as many before a row. */
  static final int MARGIN_ROWS = 64;

  /** With one alone, a snapshot that cannot be read would need the archived rows. */
  private static final int SNAPSHOTS_LEAST = 2;

  private final JournalReader journal;
  private final JournalRemoval removal;
  private final ArchiveRegister register;
  private final ArchiveFolder folder;
  private final Way way;

  /**
   * How it is done.
   *
   * @param piece so many numbers are removed at a time
   * @param writer tells the drafts of several controllers apart; for names of files
   * @param clock for the time of removal: rows that are written later stay
   */
  public record Way(
      StretchCutter.Limits limits,
      int piece,
      String writer,
      InstantSource clock,
      Listener listener) {}

  /** Hears of each step; may wait, and may end the run by an exception of its own. */
  public interface Listener {
    /** A step was made. */
    void onStep(ArchiveStep step, Stretch stretch);
  }

  /**
   * What came of it.
   *
   * @param rows that were archived, or would be
   * @param rowBytes of these
   * @param files that were written, or would be
   * @param fileBytes of these; 0 if nothing was to be done
   * @param archivedTo up to which row the range is archived now
   * @param wrong why nothing, or no more, was archived: somebody has to look; empty = nothing is
   * @param note why nothing could be archived yet; empty = all that is old enough was
   */
  public record Outcome(
      RangeId range,
      long rows,
      long rowBytes,
      int files,
      long fileBytes,
      long archivedTo,
      String wrong,
      String note) {}

  /** What could be done. */
  private record Plan(List<Stretch> stretches, long bytes, String wrong, String note) {
    static Plan nothing(String wrong, String note) {
      return new Plan(List.of(), 0, wrong, note);
    }
  }

  /** Why nothing is touched. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason);
    }
  }

  /** Prepares the statements. */
  public Archiving(CqlSession session, String keyspace, ArchiveFolder folder, Way way) {
    this.journal = new JournalReader(session, keyspace);
    this.removal = new JournalRemoval(session, keyspace);
    this.register = new ArchiveRegister(session, keyspace);
    this.folder = folder;
    this.way = way;
  }

  /**
   * Finishes what an earlier run began, and archives what is old enough.
   *
   * @param signed heads that were signed of the range
   * @param beforeMillis only rows older than this
   * @param dryRun whether to say only what would be done
   */
  public Outcome archive(
      RangeId range, Collection<Head> signed, long beforeMillis, boolean dryRun) {
    List<Archived> files = register.all(range);
    try {
      checkOrder(files);
      if (!dryRun) {
        for (Archived each : files) {
          if (!each.removed()) {
            finish(each);
          }
        }
        tidy(range, files);
      }
      Plan plan = plan(range, files, signed, beforeMillis);
      return dryRun ? outcome(range, files, plan) : perform(range, files, plan);
    } catch (ArchiveException | BrokenRecordException | Refused e) {
      return outcome(range, files, Plan.nothing(String.valueOf(e.getMessage()), ""));
    }
  }

  private static Outcome outcome(RangeId range, List<Archived> files, Plan plan) {
    return new Outcome(
        range,
        plan.stretches().stream().mapToLong(Stretch::rows).sum(),
        plan.bytes(),
        plan.stretches().size(),
        0,
        WholeJournal.archivedTo(files),
        plan.wrong(),
        plan.note());
  }

  private static void checkOrder(List<Archived> files) throws Refused {
    long last = 0;
    ChainHash hash = ChainHash.GENESIS;
    for (Archived each : files) {
      if (each.stretch().first() != last + 1 || !each.stretch().previous().equals(hash)) {
        throw new Refused(
            "the archive is not whole: %s does not follow row %d".formatted(each.file(), last));
      }
      last = each.stretch().last();
      hash = each.stretch().hash();
    }
  }

  /** Removes what a killed run left and what can never be entered any more. */
  private void tidy(RangeId range, List<Archived> files) {
    folder.removeDrafts(range);
    Set<String> known = new HashSet<>();
    Set<Long> begins = new HashSet<>();
    files.forEach(
        each -> {
          known.add(each.file());
          begins.add(each.stretch().first());
        });
    for (String name : folder.files(range)) {
      Path file = folder.path().resolve(name);
      if (!known.contains(name) && begins.contains(ArchiveFile.read(file).stretch().first())) {
        folder.remove(name);
      }
    }
  }

  private Plan plan(RangeId range, List<Archived> files, Collection<Head> signed, long beforeMillis)
      throws Refused {
    long after = WholeJournal.archivedTo(files);
    if (!isOld(range, after + 1, beforeMillis)) {
      return Plan.nothing("", "");
    }
    List<StoredSnapshot> snapshots =
        journal.snapshots(range).stream()
            .sorted(Comparator.comparingLong(StoredSnapshot::number).reversed())
            .filter(each -> mayBegin(range, each))
            .toList();
    if (snapshots.size() < SNAPSHOTS_LEAST) {
      return Plan.nothing(
          "", "it has %d snapshots, and must have %d".formatted(snapshots.size(), SNAPSHOTS_LEAST));
    }
    StoredSnapshot limit = snapshots.get(SNAPSHOTS_LEAST - 1);
    ChainHash previous =
        files.isEmpty() ? ChainHash.GENESIS : files.get(files.size() - 1).stretch().hash();
    StretchCutter cutter =
        new StretchCutter(
            range, way.limits(), after, previous, limit.number() - MARGIN_ROWS, beforeMillis);
    if (after + MARGIN_ROWS >= limit.number()) {
      return Plan.nothing("", "");
    }
    Verification verification = verification(range, files, limit, signed);
    Places places = new Places(journal.rows(range, after + 1), limit.number());
    while (places.hasNext()) {
      Place place = places.next();
      place.rows().forEach(verification::add);
      cutter.add(place);
    }
    Verdict verdict = verification.end();
    if (!verdict.intact()) {
      throw new Refused("its record is not whole: " + verdict.faults().get(0));
    }
    return new Plan(cutter.end(), cutter.cutBytes(), "", "");
  }

  private boolean isOld(RangeId range, long number, long beforeMillis) throws Refused {
    for (StoredRow row : journal.at(range, number)) {
      try {
        if (row.open().atEpochMillis() < beforeMillis) {
          return true;
        }
      } catch (MalformedRecordException e) {
        throw new Refused("row %d cannot be read: %s".formatted(number, e.getMessage()));
      }
    }
    return false;
  }

  /** Of all from the archive's end to a snapshot. */
  private Verification verification(
      RangeId range, List<Archived> files, StoredSnapshot limit, Collection<Head> signed)
      throws Refused {
    @Nullable Placed before = files.isEmpty() ? null : lastRow(files.get(files.size() - 1));
    long from = before == null ? 0 : before.number();
    long fromRevision = before == null ? 0 : before.row().lastRevision();
    long toRevision = open(limit).revision();
    List<Head> heads =
        signed.stream()
            .filter(head -> fromRevision < head.revision() && head.revision() < toRevision)
            .toList();
    List<StoredSnapshot> snapshots =
        journal.snapshots(range).stream()
            .filter(each -> from < each.number() && each.number() <= limit.number())
            .toList();
    return before == null
        ? new Verification(range, snapshots, heads)
        : Verification.after(range, before, snapshots, heads);
  }

  /** Whether an owner would begin there: not at one that cannot be read. */
  private boolean mayBegin(RangeId range, StoredSnapshot stored) {
    List<Placed> near = new ArrayList<>();
    Iterator<StoredRow> rows = journal.rows(range, ShortCut.from(stored.number()));
    try {
      RangeSnapshot snapshot = stored.open();
      while (rows.hasNext()) {
        StoredRow row = rows.next();
        if (row.number() > ShortCut.to(stored.number())) {
          break;
        }
        near.add(new Placed(row.number(), row.open()));
      }
      return ShortCut.stands(stored.number(), snapshot, near);
    } catch (MalformedRecordException e) {
      return false;
    }
  }

  private static RangeSnapshot open(StoredSnapshot snapshot) throws Refused {
    try {
      return snapshot.open();
    } catch (MalformedRecordException e) {
      throw new Refused(
          "the snapshot after row %d cannot be read: %s"
              .formatted(snapshot.number(), e.getMessage()));
    }
  }

  private Placed lastRow(Archived file) throws Refused {
    Iterator<StoredRow> rows = folder.rows(file);
    @Nullable StoredRow last = null;
    while (rows.hasNext()) {
      last = rows.next();
    }
    if (last != null) {
      try {
        return new Placed(last.number(), last.open());
      } catch (MalformedRecordException e) {
        throw new Refused(file.file() + ": its last row cannot be read: " + e.getMessage());
      }
    }
    throw new Refused(file.file() + " has no row");
  }

  private Outcome perform(RangeId range, List<Archived> files, Plan plan) {
    long rows = 0;
    int written = 0;
    long fileBytes = 0;
    long archivedTo = WholeJournal.archivedTo(files);
    String wrong = plan.wrong();
    try {
      for (Stretch stretch : plan.stretches()) {
        Archived archived = archive(stretch);
        rows += stretch.rows();
        written++;
        fileBytes += archived.bytes();
        archivedTo = stretch.last();
      }
    } catch (ArchiveException | BrokenRecordException | Refused e) {
      wrong = String.valueOf(e.getMessage());
    }
    return new Outcome(
        range,
        rows,
        written == plan.stretches().size() ? plan.bytes() : 0,
        written,
        fileBytes,
        archivedTo,
        wrong,
        plan.note());
  }

  private Archived archive(Stretch stretch) throws Refused {
    Path draft =
        folder.draft(
            stretch,
            rowsOf(new Places(journal.rows(stretch.range(), stretch.first()), stretch.last())),
            way.writer());
    step(ArchiveStep.WRITTEN, stretch);
    Archived archived = folder.publish(draft, stretch);
    step(ArchiveStep.PUBLISHED, stretch);
    long micros = micros();
    folder.check(archived);
    compare(archived, true);
    if (!register.enter(archived)) {
      throw new Refused("another controller archives " + stretch);
    }
    step(ArchiveStep.REGISTERED, stretch);
    remove(archived, micros);
    return archived;
  }

  private static Iterator<StoredRow> rowsOf(Places places) {
    return new Iterator<>() {
      private Iterator<StoredRow> here = List.<StoredRow>of().iterator();

      @Override
      public boolean hasNext() {
        while (!here.hasNext() && places.hasNext()) {
          here = places.next().rows().iterator();
        }
        return here.hasNext();
      }

      @Override
      public StoredRow next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return here.next();
      }
    };
  }

  /**
   * Whether all that the journal has of a stretch is in its file.
   *
   * @param all whether the journal must have all of it, too
   */
  private void compare(Archived archived, boolean all) throws Refused {
    Stretch stretch = archived.stretch();
    Places live = new Places(journal.rows(stretch.range(), stretch.first()), stretch.last());
    Places kept = new Places(folder.rows(archived), stretch.last());
    while (live.hasNext()) {
      Place here = live.next();
      Place copy = next(kept, archived, here.number());
      while (copy.number() < here.number() && kept.hasNext()) {
        missing(copy, archived, all);
        copy = kept.next();
      }
      boolean same =
          copy.number() == here.number()
              && here.rows().stream().allMatch(copy::has)
              && (!all || here.rows().size() == copy.rows().size());
      if (!same) {
        throw new Refused(
            "row %d of the journal is not as in %s".formatted(here.number(), archived.file()));
      }
    }
    // Reads the file to its end, which checks it.
    while (kept.hasNext()) {
      missing(kept.next(), archived, all);
    }
  }

  private static Place next(Places kept, Archived archived, long number) throws Refused {
    if (!kept.hasNext()) {
      throw new Refused("row %d is not in %s".formatted(number, archived.file()));
    }
    return kept.next();
  }

  private static void missing(Place copy, Archived archived, boolean all) throws Refused {
    if (all) {
      throw new Refused(
          "row %d is in %s, and not in the journal any more"
              .formatted(copy.number(), archived.file()));
    }
  }

  /** Goes on where a run ended; what it had checked may have changed since. */
  private void finish(Archived archived) throws Refused {
    long micros = micros();
    folder.check(archived);
    compare(archived, false);
    remove(archived, micros);
  }

  private long micros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, way.clock().instant());
  }

  /**
   * Removes rows that were compared.
   *
   * @param comparedMicros when that began: rows written later stay
   */
  private void remove(Archived archived, long comparedMicros) throws Refused {
    Stretch stretch = archived.stretch();
    for (long from = stretch.first(); from <= stretch.last(); from += way.piece()) {
      long to = Math.min(stretch.last(), from + way.piece() - 1);
      removal.remove(stretch.range(), from, to, comparedMicros);
      step(ArchiveStep.PARTLY_REMOVED, stretch);
    }
    Places rest = new Places(journal.rows(stretch.range(), stretch.first()), stretch.last());
    while (rest.hasNext()) {
      long number = rest.next().number();
      if (!JournalRemoval.stays(number)) {
        throw new Refused(
            "row %d is in the journal still: was it written by a clock that is ahead of this one?"
                .formatted(number));
      }
    }
    step(ArchiveStep.REMOVED, stretch);
    register.removed(archived);
    step(ArchiveStep.FINISHED, stretch);
  }

  private void step(ArchiveStep step, Stretch stretch) {
    way.listener().onStep(step, stretch);
  }
}
