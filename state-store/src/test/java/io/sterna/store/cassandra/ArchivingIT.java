package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import io.sterna.protocol.RangeId;
import io.sterna.store.archive.ArchiveException;
import io.sterna.store.archive.ArchiveFolder;
import io.sterna.store.archive.ArchiveStep;
import io.sterna.store.archive.Archived;
import io.sterna.store.archive.Places;
import io.sterna.store.archive.StretchCutter;
import io.sterna.store.audit.Fault;
import io.sterna.store.audit.Head;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.RowSource;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.Verdict;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.trial.RandomJournal;
import io.sterna.store.trial.Tampering.Place;
import io.sterna.store.trial.Tampering.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows of a real Cassandra go to files; whatever happens meanwhile, each is there once. */
@ExtendWith(SharedNode.Resolver.class)
class ArchivingIT {
  private static final long SEED = Long.getLong("sterna.archive.seed", 5);
  private static final RandomJournal.Shape SHAPE = new RandomJournal.Shape(40, 6, 15);
  private static final int SNAPSHOT_EVERY = 50;
  private static final String KEYSPACE = "archiving";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  Path folder;

  /** A journal, and what readers made of it before anything was archived. */
  private final class Trial implements AutoCloseable {
    private final String keyspace = KEYSPACE;
    private final CassandraSettings settings;
    private final CqlSession session;
    private final TrialJournal journal;
    private final WholeJournal whole;
    private final List<StoredRow> rows = new ArrayList<>();
    private final RangeId range;
    private Head head;
    private long endMillis;

    Trial(SharedNode node, RangeId range, int places) throws Exception {
      this(node, range, places, SHAPE);
    }

    Trial(SharedNode node, RangeId range, int places, RandomJournal.Shape shape) throws Exception {
      this.range = range;
      settings = node.settings(keyspace);
      session = SharedNode.session(settings);
      Schema.create(session, settings);
      journal = new TrialJournal(session, keyspace);
      whole = whole(Optional.of(new ArchiveFolder(folder)));
      RandomJournal made = new RandomJournal(range, shape, SEED);
      long number = 0;
      while (number < places || !made.atEndOfPlace()) {
        StoredRow row = made.next();
        journal.write(range, row);
        number = row.number();
        if (made.atEndOfPlace() && number % SNAPSHOT_EVERY == 0 && number > places - 150) {
          journal.write(range, made.snapshot());
        }
      }
      journal.flush();
      head = made.head();
      endMillis = made.atEpochMillis();
      new JournalReader(session, keyspace).rows(range, 1).forEachRemaining(rows::add);
    }

    WholeJournal whole(Optional<ArchiveFolder> files) {
      return new WholeJournal(
          new JournalReader(session, keyspace), new ArchiveRegister(session, keyspace), files);
    }

    Archiving.Outcome archive(long beforeMillis, Archiving.Listener listener) {
      return archiving(listener).archive(range, List.of(head), beforeMillis, false);
    }

    Archiving archiving(Archiving.Listener listener) {
      return new Archiving(
          session, keyspace, new ArchiveFolder(folder), ArchivingProcess.way(listener));
    }

    Verdict verify() {
      return RecordCheck.verify(whole, range, List.of(head));
    }

    List<Archived> files() {
      return whole.archived(range);
    }

    /** Nothing lost, nothing twice: from the first row, and from some in the middle. */
    void assertSame() {
      assertRows(rows, whole.rows(range, 1));
      for (long from : List.of(2L, 99L, 100L, 101L, 512L)) {
        assertRows(
            rows.stream().filter(row -> row.number() >= from).toList(), whole.rows(range, from));
      }
      Verdict verdict = verify();
      assertEquals(List.of(), verdict.faults());
      assertEquals(rows.size(), verdict.intactRows() + verdict.discardedRows());
    }

    @Override
    public void close() {
      session.close();
    }
  }

  private static void assertRows(List<StoredRow> expected, Iterator<StoredRow> found) {
    for (StoredRow each : expected) {
      assertTrue(found.hasNext(), "row " + each.number() + " is lost");
      StoredRow next = found.next();
      assertTrue(
          Places.same(each, next), "row " + next.number() + " instead of row " + each.number());
    }
    assertFalse(found.hasNext());
  }

  @Test
  void allAnswersAreAsBefore(SharedNode node) throws Exception {
    try (Trial trial = new Trial(node, RangeId.parse("10.10.0.0/24"), 1_000)) {
      RowSource journal = new JournalReader(trial.session, trial.keyspace);
      Verdict before = trial.verify();
      assertEquals(List.of(), before.faults());
      Random random = new Random(SEED);
      List<Long> moments = new ArrayList<>();
      List<Object> answers = new ArrayList<>();
      long begin = trial.rows.get(0).open().atEpochMillis();
      for (int i = 0; i < 50; i++) {
        long moment = begin + random.nextInt((int) (trial.endMillis - begin + 1));
        moments.add(moment);
        answers.add(answers(journal, trial.range, moment));
      }
      List<Recorded> record = record(journal, trial.range);

      Archiving.Outcome dry =
          trial
              .archiving((step, stretch) -> {})
              .archive(trial.range, List.of(trial.head), Long.MAX_VALUE, true);
      assertEquals(0, trial.files().size());
      Archiving.Outcome outcome = trial.archive(Long.MAX_VALUE, (step, stretch) -> {});
      assertEquals("", outcome.wrong());
      assertEquals(dry.rows(), outcome.rows());
      assertEquals(dry.files(), outcome.files());
      assertTrue(outcome.archivedTo() > 700, outcome.toString());
      assertEquals(outcome.files(), trial.files().size());
      assertEquals(
          outcome.archivedTo() + 1, journal.rows(trial.range, 1).next().number(), "journal");

      trial.assertSame();
      assertEquals(record, record(trial.whole, trial.range));
      for (int i = 0; i < moments.size(); i++) {
        assertEquals(answers.get(i), answers(trial.whole, trial.range, moments.get(i)));
      }
      Verdict after = trial.verify();
      assertEquals(before.intactRows(), after.intactRows());
      assertEquals(before.discardedRows(), after.discardedRows());
      assertEquals(before.snapshots(), after.snapshots());
      assertEquals(before.heads(), after.heads());
      assertEquals(outcome.files(), after.archives());
      assertEquals(outcome.archivedTo(), after.archivedRows());
      // Nothing more is to be done, and a controller without the files says so.
      assertEquals(0, trial.archive(Long.MAX_VALUE, (step, stretch) -> {}).files());
      WholeJournal blind = trial.whole(Optional.empty());
      ArchiveException e =
          assertThrows(ArchiveException.class, () -> blind.rows(trial.range, 1).hasNext());
      assertTrue(String.valueOf(e.getMessage()).contains("audit.archive.folder"), e.getMessage());
      assertTrue(blind.rows(trial.range, outcome.archivedTo() + 1).hasNext());
      assertThrows(ArchiveException.class, () -> RecordCheck.verify(blind, trial.range, List.of()));
    }
  }

  /** What readers ask: the table of a moment, and where in the journal that moment is. */
  private static Object answers(RowSource source, RangeId range, long moment) {
    long number = source.firstWhere(range, row -> atMillis(row) >= moment);
    PastTable table =
        PastTable.at(
            RangeRecord.whole(range, source.rows(range, 1)), PastTable.End.atMillis(moment));
    List<String> there = source.at(range, number).stream().map(ArchivingIT::text).toList();
    return List.of(
        number, there, table.bindings(), table.number(), table.hash(), source.lastNumber(range));
  }

  private static String text(StoredRow row) {
    return row.number() + " " + java.util.Arrays.hashCode(row.bytes());
  }

  private static long atMillis(StoredRow row) {
    try {
      return row.open().atEpochMillis();
    } catch (MalformedRecordException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Recorded> record(RowSource source, RangeId range) {
    List<Recorded> record = new ArrayList<>();
    RangeRecord.whole(range, source.rows(range, 1)).forEachRemaining(record::add);
    return record;
  }

  @Test
  void onlyOldRowsBeforeTheOlderOfTwoSnapshots(SharedNode node) throws Exception {
    try (Trial trial = new Trial(node, RangeId.parse("10.10.1.0/24"), 500)) {
      long middle = trial.rows.get(trial.rows.size() / 2).open().atEpochMillis();
      Archiving.Outcome outcome = trial.archive(middle, (step, stretch) -> {});
      assertEquals("", outcome.wrong());
      assertTrue(outcome.archivedTo() > 100 && outcome.archivedTo() < 300, outcome.toString());
      Iterator<StoredRow> left =
          new JournalReader(trial.session, trial.keyspace).rows(trial.range, 1);
      assertEquals(outcome.archivedTo() + 1, left.next().number());
      outcome = trial.archive(Long.MAX_VALUE, (step, stretch) -> {});
      assertTrue(outcome.archivedTo() <= 450 - Archiving.MARGIN_ROWS, outcome.toString());
      trial.assertSame();
    }
  }

  @Test
  void killedAtAnyStepNothingIsLostAndNothingTwice(SharedNode node) throws Exception {
    try (Trial trial = new Trial(node, RangeId.parse("10.10.2.0/24"), 1_100)) {
      for (ArchiveStep step : ArchiveStep.values()) {
        Process child = child(trial, step.name());
        assertTrue(child.waitFor(60, TimeUnit.SECONDS), "it hangs");
        assertEquals(ArchivingProcess.HALTED, child.exitValue(), step.name());
        trial.assertSame();
      }
      Random random = new Random(SEED);
      for (int i = 0; i < 2; i++) {
        Process child = child(trial, ArchivingProcess.SLOW);
        child.waitFor(1_200 + random.nextInt(800), TimeUnit.MILLISECONDS);
        child.destroyForcibly().waitFor();
        trial.assertSame();
      }
      Archiving.Outcome outcome = trial.archive(Long.MAX_VALUE, (done, stretch) -> {});
      assertEquals("", outcome.wrong());
      assertTrue(outcome.archivedTo() > 700, outcome.toString());
      trial.assertSame();
      // Every file is on record, and nothing else is left.
      try (var names = Files.list(folder)) {
        assertEquals(
            trial.files().stream().map(Archived::file).sorted().toList(),
            names.map(each -> each.getFileName().toString()).sorted().toList());
      }
      assertTrue(trial.files().stream().allMatch(Archived::removed));
      assertEquals(
          outcome.archivedTo() + 1,
          new JournalReader(trial.session, trial.keyspace).rows(trial.range, 1).next().number());
    }
  }

  private Process child(Trial trial, String step) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ArchivingProcess.class.getName(),
            trial.settings.contactPoints().get(0),
            trial.keyspace,
            folder.toString(),
            trial.range.toString(),
            step)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Readers that began before, and go on meanwhile. */
  @Test
  void whoReadsWhileRowsGoReadsOnInTheFiles(SharedNode node) throws Exception {
    try (Trial trial = new Trial(node, RangeId.parse("10.10.3.0/24"), 1_000)) {
      List<Iterator<StoredRow>> readers = new ArrayList<>();
      List<List<StoredRow>> read = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        readers.add(trial.whole.rows(trial.range, 1));
        read.add(new ArrayList<>());
      }
      Random random = new Random(SEED);
      trial.archive(
          Long.MAX_VALUE,
          (step, stretch) -> {
            int reader = random.nextInt(readers.size());
            for (int i = random.nextInt(150); i > 0 && readers.get(reader).hasNext(); i--) {
              read.get(reader).add(readers.get(reader).next());
            }
          });
      for (int i = 0; i < readers.size(); i++) {
        readers.get(i).forEachRemaining(read.get(i)::add);
        assertRows(trial.rows, read.get(i).iterator());
      }
    }
  }

  @Test
  void tamperingWithTheArchiveIsNamed(SharedNode node) throws Exception {
    try (Trial trial = new Trial(node, RangeId.parse("10.10.4.0/24"), 600)) {
      trial.archive(Long.MAX_VALUE, (step, stretch) -> {});
      List<Archived> files = trial.files();
      assertTrue(files.size() > 3);
      Archived second = files.get(1);
      Archived third = files.get(2);
      byte[] good = Files.readAllBytes(folder.resolve(second.file()));
      byte[] other = Files.readAllBytes(folder.resolve(third.file()));

      byte[] flipped = good.clone();
      flipped[flipped.length / 2] ^= 1;
      Files.write(folder.resolve(second.file()), flipped);
      assertNamed(trial, List.of(second));
      assertThrows(
          ArchiveException.class,
          () -> trial.whole.rows(trial.range, 1).forEachRemaining(row -> {}));

      Files.delete(folder.resolve(second.file()));
      assertNamed(trial, List.of(second));

      Files.write(folder.resolve(second.file()), other);
      Files.write(folder.resolve(third.file()), good);
      assertNamed(trial, List.of(second, third));

      Files.write(folder.resolve(second.file()), good);
      Files.write(folder.resolve(third.file()), other);
      trial.assertSame();

      // The record of a file is gone: nobody knows of its rows, but the file is there.
      trial.session.execute(
          "DELETE FROM archiving.audit_archive WHERE range = '10.10.4.0/24' AND first_row = "
              + second.stretch().first());
      assertNamed(trial, List.of(second));
      assertTrue(new ArchiveRegister(trial.session, trial.keyspace).enter(second));
      trial.assertSame();

      // A row beside the archived ones, as an owner whose time was over could write it: never one
      // of an epoch that had ended.
      StoredRow forged = trial.rows.get(7);
      Place at = new Place(trial.range, 300);
      trial.journal.apply(new Step.Add(at, forged.bytes()), new byte[0]);
      List<Fault> faults = trial.verify().faults();
      assertEquals(1, faults.size(), faults.toString());
      assertEquals(300, faults.get(0).firstRow());
      trial.journal.undo();
      trial.assertSame();
    }
  }

  private static void assertNamed(Trial trial, List<Archived> files) {
    Verdict verdict = trial.verify();
    List<Fault> archive =
        verdict.faults().stream().filter(each -> each.kind() == Fault.Kind.ARCHIVE).toList();
    assertEquals(files.size(), archive.size(), verdict.faults().toString());
    for (Archived each : files) {
      assertTrue(
          archive.stream().anyMatch(fault -> fault.reason().startsWith("archive: " + each.file())),
          archive.toString());
    }
    // The rows of other files are intact.
    long first = files.get(0).stretch().first();
    long last = files.get(files.size() - 1).stretch().last();
    assertTrue(
        verdict.faults().stream()
            .allMatch(fault -> first <= fault.firstRow() && fault.lastRow() <= last),
        verdict.faults().toString());
    assertTrue(
        verdict.intactRows() + verdict.discardedRows()
            >= trial.rows.size() - files.stream().mapToLong(f -> f.stretch().rows()).sum());
  }

  @Test
  void whatIsNotWholeIsNotTouched(SharedNode node) throws Exception {
    try (Trial trial = new Trial(node, RangeId.parse("10.10.5.0/24"), 400)) {
      Place at = new Place(trial.range, single(trial, 150));
      byte[] bytes = trial.rows.get(3).bytes();
      trial.journal.apply(new Step.Overwrite(at, bytes), new byte[0]);
      Archiving.Outcome outcome = trial.archive(Long.MAX_VALUE, (step, stretch) -> {});
      assertTrue(outcome.wrong().startsWith("its record is not whole"), outcome.toString());
      assertEquals(0, trial.files().size());
      trial.journal.undo();
      // Not without two snapshots either.
      trial.session.execute(
          "DELETE FROM archiving.snapshots WHERE persistence_id = 'range|10.10.5.0/24'"
              + " AND sequence_nr < 400");
      outcome = trial.archive(Long.MAX_VALUE, (step, stretch) -> {});
      assertEquals("it has 1 snapshots, and must have 2", outcome.note());
      trial.assertSame();
    }
  }

  private static long single(Trial trial, long from) {
    for (long number = from; ; number++) {
      long here = number;
      if (trial.rows.stream().filter(row -> row.number() == here).count() == 1) {
        return number;
      }
    }
  }

  /** More rows than a partition has: its last row stays, and shows others the way. */
  @Test
  void partitionsAreCrossed(SharedNode node) throws Exception {
    int places = (int) JournalReader.PARTITION_ROWS + 1_500;
    try (Trial trial =
        new Trial(
            node, RangeId.parse("10.10.6.0/24"), places, new RandomJournal.Shape(40, 2, 2_000))) {
      Archiving archiving =
          new Archiving(
              trial.session,
              trial.keyspace,
              new ArchiveFolder(folder),
              new Archiving.Way(
                  StretchCutter.Limits.STANDARD,
                  5_000,
                  "c1",
                  InstantSource.system(),
                  (step, stretch) -> {}));
      Archiving.Outcome outcome =
          archiving.archive(trial.range, List.of(trial.head), Long.MAX_VALUE, false);
      assertEquals("", outcome.wrong());
      assertTrue(outcome.archivedTo() > JournalReader.PARTITION_ROWS + 1_000, outcome.toString());
      JournalReader journal = new JournalReader(trial.session, trial.keyspace);
      assertEquals(JournalReader.PARTITION_ROWS, journal.rows(trial.range, 1).next().number());
      assertEquals(trial.rows.get(trial.rows.size() - 1).number(), journal.lastNumber(trial.range));
      assertRows(trial.rows, trial.whole.rows(trial.range, 1));
      assertEquals(List.of(), trial.verify().faults());
    }
  }
}
