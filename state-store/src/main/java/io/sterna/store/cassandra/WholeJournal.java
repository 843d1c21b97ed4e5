package io.sterna.store.cassandra;

import io.sterna.protocol.RangeId;
import io.sterna.store.archive.ArchiveException;
import io.sterna.store.archive.ArchiveFile;
import io.sterna.store.archive.ArchiveFolder;
import io.sterna.store.archive.Archived;
import io.sterna.store.archive.Places;
import io.sterna.store.audit.NextRows;
import io.sterna.store.audit.RowSource;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Archive and journal as one: up to where a range is archived its rows come from files, those after
 * that from Cassandra. Blocks; for threads that may. Any number of threads may use one.
 *
 * <p>Rows may be archived while somebody reads. A reader of the journal that comes to a hole looks
 * again at what is archived, and goes on there: files are on record before the first row goes.
 */
public final class WholeJournal implements RowSource {
  /** So many holes are looked into; behind more, somebody removed rows and archived nothing. */
  private static final int HOLES_MAX = 100;

  private static final int ATTEMPTS_MAX = 5;

  /** So often it is looked whether a row that is waited for is archived. */
  private static final long LOOK_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final JournalReader journal;
  private final ArchiveRegister register;
  private final Optional<ArchiveFolder> folder;
  private final Map<RangeId, Waiting> waiting = new ConcurrentHashMap<>();

  /** Somebody waits for this row, and it was not archived when that was looked at. */
  private record Waiting(long from, long lookedNanos) {}

  /**
   * @param folder empty = there is none here: what is archived cannot be read, and is not passed
   *     over
   */
  public WholeJournal(
      JournalReader journal, ArchiveRegister register, Optional<ArchiveFolder> folder) {
    this.journal = journal;
    this.register = register;
    this.folder = folder;
  }

  /** The journal alone. */
  JournalReader journal() {
    return journal;
  }

  /** What is archived of a range. */
  public List<Archived> archived(RangeId range) {
    return register.all(range);
  }

  /** The folder of the files. */
  Optional<ArchiveFolder> folder() {
    return folder;
  }

  /**
   * The rows of a file.
   *
   * @throws ArchiveException if they cannot be read
   */
  ArchiveFile.Reading rows(Archived file) {
    return needed(file).rows(file);
  }

  /** The folder in which a file should be. */
  ArchiveFolder needed(Archived file) {
    return folder.orElseThrow(
        () ->
            new ArchiveException(
                file.file(),
                "%s are there, and this controller has no audit.archive.folder"
                    .formatted(file.stretch())));
  }

  @Override
  public Iterator<StoredRow> rows(RangeId range, long from) {
    return new Rows(range, Math.max(1, from));
  }

  /**
   * The next rows of some ranges: those that are there now.
   *
   * @param from where to begin in each
   * @param rowsMax the most rows of each; fewer if there are no more without a gap
   */
  public Map<RangeId, List<StoredRow>> next(Map<RangeId, Long> from, int rowsMax) {
    Map<RangeId, List<StoredRow>> found = journal.next(from, rowsMax);
    found.replaceAll((range, rows) -> filled(range, from.getOrDefault(range, 1L), rows, rowsMax));
    return found;
  }

  /** With what is archived of what the journal does not have. */
  private List<StoredRow> filled(RangeId range, long from, List<StoredRow> rows, int rowsMax) {
    if (rows.isEmpty() ? hasWaited(range, from) : rows.get(0).number() <= from) {
      return rows;
    }
    Optional<Archived> file = register.covering(range, from);
    if (file.isEmpty()) {
      if (rows.isEmpty()) {
        waiting.put(range, new Waiting(from, System.nanoTime()));
      }
      return rows;
    }
    return NextRows.across(
        some(file.get(), from, rowsMax),
        rowsMax,
        (number, more) ->
            register
                .covering(range, number)
                .map(next -> some(next, number, more))
                .orElseGet(
                    () ->
                        journal.next(Map.of(range, number), more).getOrDefault(range, List.of())));
  }

  /**
   * Who waits at the end of the journal costs no look; but a partition that is archived as a whole
   * looks like the end.
   */
  private boolean hasWaited(RangeId range, long from) {
    Waiting last = waiting.get(range);
    return last != null && last.from == from && System.nanoTime() - last.lookedNanos < LOOK_NANOS;
  }

  private List<StoredRow> some(Archived file, long from, int rowsMax) {
    List<StoredRow> some = new ArrayList<>();
    ArchiveFile.Reading rows = rows(file);
    while (some.size() < rowsMax && rows.hasNext()) {
      StoredRow row = rows.next();
      if (row.number() >= from) {
        some.add(row);
      }
    }
    return some;
  }

  @Override
  public List<StoredRow> at(RangeId range, long number) {
    Optional<Archived> file = register.covering(range, number);
    if (file.isEmpty()) {
      List<StoredRow> found = journal.at(range, number);
      if (!found.isEmpty()) {
        return found;
      }
      // It may have gone where the first look did not find it yet.
      file = register.covering(range, number);
    }
    return file.map(each -> at(each, number)).orElse(List.of());
  }

  /** Whether a row of this number is on record, here or there. */
  boolean isThere(RangeId range, long number) {
    return !journal.at(range, number).isEmpty() || register.covering(range, number).isPresent();
  }

  private List<StoredRow> at(Archived file, long number) {
    Places places = new Places(rows(file), number);
    while (places.hasNext()) {
      Places.Place place = places.next();
      if (place.number() == number) {
        return place.rows();
      }
    }
    return List.of();
  }

  @Override
  public long lastNumber(RangeId range) {
    return journal.lastNumber(range);
  }

  @Override
  public long firstWhere(RangeId range, Predicate<StoredRow> holds) {
    for (int attempt = 1; ; attempt++) {
      List<Archived> files = register.all(range);
      Optional<Long> archived = firstWhere(files, holds);
      if (archived.isPresent()) {
        return archived.get();
      }
      long end = archivedTo(files);
      long found = journal.firstWhere(range, end + 1, holds);
      if (attempt == ATTEMPTS_MAX || archivedTo(register.all(range)) == end) {
        return found;
      }
    }
  }

  /** By the first row of each file, then row by row in one of them. */
  private Optional<Long> firstWhere(List<Archived> files, Predicate<StoredRow> holds) {
    int low = 0;
    int high = files.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      Archived file = files.get(middle);
      if (at(file, file.stretch().first()).stream().anyMatch(holds)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    if (low > 0) {
      Iterator<StoredRow> rows = rows(files.get(low - 1));
      while (rows.hasNext()) {
        StoredRow row = rows.next();
        if (holds.test(row)) {
          return Optional.of(row.number());
        }
      }
    }
    return low < files.size() ? Optional.of(files.get(low).stretch().first()) : Optional.empty();
  }

  @Override
  public Optional<StoredRow> newest(RangeId range) {
    return journal.newest(range);
  }

  @Override
  public List<StoredSnapshot> snapshots(RangeId range) {
    return journal.snapshots(range);
  }

  static long archivedTo(List<Archived> files) {
    return files.isEmpty() ? 0 : files.get(files.size() - 1).stretch().last();
  }

  /** File after file, then the journal, and back again if rows were archived meanwhile. */
  private final class Rows implements Iterator<StoredRow> {
    private final RangeId range;
    private long wanted;
    private final List<StoredRow> newest = new ArrayList<>();
    private Iterator<StoredRow> source = List.<StoredRow>of().iterator();
    private boolean live;
    private int holes;
    private @Nullable StoredRow next;

    Rows(RangeId range, long from) {
      this.range = range;
      this.wanted = from;
    }

    @Override
    public boolean hasNext() {
      while (next == null) {
        if (live) {
          StoredRow row = source.hasNext() ? source.next() : null;
          if ((row == null || row.number() > wanted) && wasArchived()) {
            continue;
          }
          if (row == null) {
            return false;
          }
          next = row;
        } else if (source.hasNext()) {
          StoredRow row = source.next();
          next = isNew(row) ? row : null;
        } else {
          open();
        }
      }
      return true;
    }

    @Override
    public StoredRow next() {
      StoredRow row = hasNext() ? next : null;
      if (row == null) {
        throw new NoSuchElementException();
      }
      next = null;
      if (row.number() >= wanted) {
        newest.clear();
        wanted = row.number() + 1;
      }
      newest.add(row);
      return row;
    }

    private void open() {
      Optional<Archived> file = register.covering(range, wanted);
      live = file.isEmpty();
      source = live ? journal.rows(range, wanted) : rows(file.get());
    }

    /** Of the newest number some rows may have been read before the others went. */
    private boolean wasArchived() {
      if (holes == HOLES_MAX) {
        return false;
      }
      Optional<Archived> file = register.covering(range, wanted);
      if (file.isEmpty()) {
        holes++;
        return false;
      }
      live = false;
      source =
          newest.isEmpty()
              ? rows(file.get())
              : rows(register.covering(range, wanted - 1).orElse(file.get()));
      return true;
    }

    private boolean isNew(StoredRow row) {
      return row.number() >= wanted
          || (row.number() == wanted - 1
              && !newest.isEmpty()
              && newest.stream().noneMatch(each -> Places.same(each, row)));
    }
  }
}
