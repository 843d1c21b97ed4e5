package io.sterna.store.cassandra;

import io.sterna.protocol.RangeId;
import io.sterna.store.archive.ArchiveException;
import io.sterna.store.archive.ArchiveFile;
import io.sterna.store.archive.ArchiveFolder;
import io.sterna.store.archive.Archived;
import io.sterna.store.archive.Places;
import io.sterna.store.archive.Places.Place;
import io.sterna.store.archive.Stretch;
import io.sterna.store.audit.Fault;
import io.sterna.store.audit.Head;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.audit.Verdict;
import io.sterna.store.audit.Verification;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks all that there is of a range: the files of its archive byte by byte, then all rows, those
 * of the archive together with those that the journal has at the same places. Goes on after a file
 * that cannot be read. Not thread-safe.
 */
public final class RecordCheck {
  private final WholeJournal whole;
  private final RangeId range;
  private final List<Fault> faults = new ArrayList<>();

  private RecordCheck(WholeJournal whole, RangeId range) {
    this.whole = whole;
    this.range = range;
  }

  /**
   * Checks a range.
   *
   * @param heads what was signed of it
   * @throws ArchiveException if rows are archived, and there is no folder here
   */
  public static Verdict verify(WholeJournal whole, RangeId range, Collection<Head> heads) {
    return new RecordCheck(whole, range).verify(heads);
  }

  private Verdict verify(Collection<Head> heads) {
    // Snapshots first: what is written meanwhile is no fault.
    List<StoredSnapshot> snapshots = whole.snapshots(range);
    List<Archived> files = whole.archived(range);
    // Who has no folder cannot tell, which is no fault of the record.
    files.stream().findFirst().ifPresent(whole::needed);
    Verification verification = new Verification(range, snapshots, heads);
    long end = WholeJournal.archivedTo(files);
    if (end > 0) {
      merge(
          new Places(new Files(files), end),
          new Places(whole.journal().rows(range, 1), end),
          verification);
    }
    whole.rows(range, end + 1).forEachRemaining(verification::add);
    whole.folder().ifPresent(this::strangers);
    return verification.end().withArchive(files.size(), end, faults);
  }

  /** A row that is in both is one row. */
  private static void merge(Places archive, Places journal, Verification verification) {
    @Nullable Place archived = next(archive);
    @Nullable Place live = next(journal);
    while (archived != null || live != null) {
      long number =
          Math.min(
              archived == null ? Long.MAX_VALUE : archived.number(),
              live == null ? Long.MAX_VALUE : live.number());
      Place here = archived != null && archived.number() == number ? archived : null;
      if (here != null) {
        here.rows().forEach(verification::add);
        archived = next(archive);
      }
      if (live != null && live.number() == number) {
        live.rows().stream()
            .filter(row -> here == null || !here.has(row))
            .forEach(verification::add);
        live = next(journal);
      }
    }
  }

  private static @Nullable Place next(Places places) {
    return places.hasNext() ? places.next() : null;
  }

  /** Files that nobody has on record, and whose rows are nowhere else. */
  private void strangers(ArchiveFolder folder) {
    List<String> names = folder.files(range);
    Set<String> known = new HashSet<>();
    whole.archived(range).forEach(each -> known.add(each.file()));
    for (String name : names) {
      if (known.contains(name)) {
        continue;
      }
      try {
        Stretch stretch = ArchiveFile.read(folder.path().resolve(name)).stretch();
        // What a killed writer left is in the journal still, or was written again.
        if (!whole.isThere(range, stretch.first())) {
          fault(
              name,
              stretch.first(),
              stretch.last(),
              "it is not on record, and its rows are not in the journal");
        }
      } catch (ArchiveException e) {
        fault(name, 0, 0, "it is not on record, and cannot be read");
      }
    }
  }

  private void fault(String file, long first, long last, String reason) {
    fault(first, last, new ArchiveException(file, reason));
  }

  private void fault(long first, long last, ArchiveException wrong) {
    String reason = String.valueOf(wrong.getMessage());
    faults.add(new Fault(range, Fault.Kind.ARCHIVE, first, last, 0, 0, reason));
  }

  /** The rows of all files that can be read, as far as they can. */
  private final class Files implements Iterator<StoredRow> {
    private final Iterator<Archived> files;
    private @Nullable Archived file;
    private Iterator<StoredRow> rows = List.<StoredRow>of().iterator();
    private boolean faulty;

    Files(List<Archived> files) {
      this.files = files.iterator();
    }

    @Override
    public boolean hasNext() {
      while (true) {
        try {
          if (rows.hasNext()) {
            return true;
          }
        } catch (ArchiveException e) {
          complain(e);
        }
        if (!files.hasNext()) {
          return false;
        }
        open(files.next());
      }
    }

    private void open(Archived next) {
      file = next;
      faulty = false;
      rows = List.<StoredRow>of().iterator();
      try {
        try {
          whole.needed(next).checkBytes(next);
        } catch (ArchiveException e) {
          complain(e);
        }
        rows = whole.rows(next);
      } catch (ArchiveException e) {
        complain(e);
      }
    }

    /** One fault of a file is enough. */
    private void complain(ArchiveException wrong) {
      rows = List.<StoredRow>of().iterator();
      if (file != null && !faulty) {
        faulty = true;
        fault(file.stretch().first(), file.stretch().last(), wrong);
      }
    }

    @Override
    public StoredRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return rows.next();
    }
  }
}
