package io.sterna.store.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.trial.RandomJournal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveFileTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/24");
  private static final RangeId OTHER = RangeId.parse("fd0a:10::/120");
  private static final long SEED = Long.getLong("sterna.archive.seed", 11);

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  Path path;

  private final List<StoredRow> rows = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before each test
  private ArchiveFolder folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Stretch stretch;

  @BeforeEach
  void journal() {
    folder = new ArchiveFolder(path);
    stretch = stretches(RANGE, new StretchCutter.Limits(200, 1 << 20, 1)).get(1);
    assertTrue(stretch.first() > 1);
  }

  private List<Stretch> stretches(RangeId range, StretchCutter.Limits limits) {
    RandomJournal journal = new RandomJournal(range, new RandomJournal.Shape(40, 6, 15), SEED);
    rows.clear();
    while (rows.size() < 1_000 || !journal.atEndOfPlace()) {
      rows.add(journal.next());
    }
    StretchCutter cutter =
        new StretchCutter(range, limits, 0, ChainHash.GENESIS, Long.MAX_VALUE, Long.MAX_VALUE);
    Places places = new Places(rows.iterator(), Long.MAX_VALUE);
    places.forEachRemaining(cutter::add);
    return cutter.end();
  }

  private List<StoredRow> of(Stretch part) {
    return rows.stream()
        .filter(row -> part.first() <= row.number() && row.number() <= part.last())
        .toList();
  }

  private Archived archive(Stretch part) {
    return folder.publish(folder.draft(part, of(part).iterator(), "c1"), part);
  }

  @Test
  void stretchesFollowEachOtherAndHoldAllRows() {
    ChainHash hash = ChainHash.GENESIS;
    long last = 0;
    for (Stretch each : stretches(RANGE, new StretchCutter.Limits(100, 1 << 20, 1))) {
      assertEquals(last + 1, each.first());
      assertEquals(hash, each.previous());
      assertEquals(of(each).size(), each.rows());
      assertTrue(each.last() - each.first() + 1 >= 100 || each.last() > last);
      folder.check(archive(each));
      last = each.last();
      hash = each.hash();
    }
    assertTrue(last > 700, "up to " + last);
  }

  @Test
  void onlyOldRowsAndNotBeyondALimit() {
    RandomJournal journal = new RandomJournal(RANGE, new RandomJournal.Shape(40, 6, 1_000), SEED);
    StretchCutter byAge =
        new StretchCutter(
            RANGE, new StretchCutter.Limits(10, 1 << 20, 1), 0, ChainHash.GENESIS, 900, 0);
    StretchCutter byNumber =
        new StretchCutter(
            RANGE,
            new StretchCutter.Limits(10, 1 << 20, 1),
            0,
            ChainHash.GENESIS,
            123,
            Long.MAX_VALUE);
    List<StoredRow> all = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      all.add(journal.next());
    }
    new Places(all.iterator(), Long.MAX_VALUE)
        .forEachRemaining(
            place -> {
              byAge.add(place);
              byNumber.add(place);
            });
    assertEquals(List.of(), byAge.end());
    List<Stretch> cut = byNumber.end();
    assertTrue(cut.get(cut.size() - 1).last() <= 123);
    assertTrue(cut.get(cut.size() - 1).last() > 110);
  }

  @Test
  void rowsComeBackAsTheyWere() throws Exception {
    Archived archived = archive(stretch);
    assertEquals(
        "10.10.0.0_24.%d-%d.%s.rows.gz"
            .formatted(stretch.first(), stretch.last(), archived.sha256().substring(0, 12)),
        archived.file());
    assertEquals(archived.bytes(), Files.size(path.resolve(archived.file())));
    folder.check(archived);
    List<StoredRow> back = new ArrayList<>();
    folder.rows(archived).forEachRemaining(back::add);
    List<StoredRow> wrote = of(stretch);
    assertEquals(wrote.size(), back.size());
    for (int i = 0; i < back.size(); i++) {
      assertTrue(Places.same(wrote.get(i), back.get(i)));
    }
    // The same rows make the same file.
    assertEquals(archived, archive(stretch));
    assertEquals(List.of(archived.file()), folder.files(RANGE));
    assertEquals(List.of(), folder.files(OTHER));
  }

  @Test
  void everyByteCounts() throws Exception {
    Archived archived = archive(stretch);
    Path file = path.resolve(archived.file());
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      byte[] bad = good.clone();
      int at = i < 20 ? i : random.nextInt(bad.length);
      bad[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);
      ArchiveException e =
          assertThrows(
              ArchiveException.class,
              () -> folder.check(archived),
              "byte " + at + ", seed " + SEED);
      assertTrue(String.valueOf(e.getMessage()).startsWith("archive: " + archived.file() + ": "));
    }
  }

  /** Without the record that has its hash: what readers see who do not read it twice. */
  @Test
  void readersNoticeDamageThemselves() throws Exception {
    Archived archived = archive(stretch);
    Path file = path.resolve(archived.file());
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      byte[] bad = good.clone();
      // The first ten bytes are of GZIP alone, and say nothing of the rows.
      bad[10 + random.nextInt(bad.length - 10)] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bad);
      assertThrows(ArchiveException.class, () -> readAll(archived), "seed " + SEED);
    }
  }

  @Test
  void aFileThatEndsTooEarlyIsNamed() throws Exception {
    Archived archived = archive(stretch);
    Path file = path.resolve(archived.file());
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length += 1 + good.length / 100) {
      Files.write(file, Arrays.copyOf(good, length));
      assertThrows(ArchiveException.class, () -> readAll(archived));
      assertThrows(ArchiveException.class, () -> folder.check(archived));
    }
  }

  @Test
  void aFileThatIsGoneIsNamed() throws Exception {
    Archived archived = archive(stretch);
    Files.delete(path.resolve(archived.file()));
    ArchiveException e = assertThrows(ArchiveException.class, () -> folder.rows(archived));
    assertEquals("archive: " + archived.file() + ": the file is not there", e.getMessage());
  }

  @Test
  void anotherFileInItsPlaceIsNamed() throws Exception {
    Archived archived = archive(stretch);
    Stretch others = stretches(OTHER, new StretchCutter.Limits(200, 1 << 20, 1)).get(1);
    Archived other = archive(others);
    Files.write(path.resolve(archived.file()), Files.readAllBytes(path.resolve(other.file())));
    ArchiveException e = assertThrows(ArchiveException.class, () -> readAll(archived));
    assertTrue(String.valueOf(e.getMessage()).contains("it holds rows"), e.getMessage());
    assertThrows(ArchiveException.class, () -> folder.check(archived));
  }

  @Test
  void rowsThatAreNotTheStretchAreNotWritten() {
    List<StoredRow> lacking = new ArrayList<>(of(stretch));
    lacking.remove(lacking.size() / 2);
    assertThrows(ArchiveException.class, () -> folder.draft(stretch, lacking.iterator(), "c1"));
    assertThrows(ArchiveException.class, () -> folder.draft(stretch, rows.iterator(), "c1"));
    assertEquals(List.of(), folder.files(RANGE));
    folder.removeDrafts(RANGE);
  }

  /** A row with right hashes of its own, which the chain does not have. */
  @Test
  void theChainIsCheckedAsWell() throws Exception {
    ChainHash wrong = rows.get(0).open().hash();
    Stretch forged =
        new Stretch(RANGE, stretch.first(), stretch.last(), stretch.rows(), wrong, stretch.hash());
    Archived archived = folder.publish(folder.draft(forged, of(stretch).iterator(), "c1"), forged);
    assertThrows(ArchiveException.class, () -> folder.check(archived));
  }

  private void readAll(Archived archived) {
    folder.rows(archived).forEachRemaining(row -> assertTrue(row.number() >= stretch.first()));
  }
}
