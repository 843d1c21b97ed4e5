package io.sterna.store.archive;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.BrokenRecordException;
import io.sterna.store.audit.RangeRecord;
import io.sterna.store.audit.Recorded;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder of the archive: {@code RANGE.FIRST-LAST.SHA256.rows.gz}, of the range {@code /}
 * written as {@code _} and {@code :} as {@code -}, of the hash the first {@value #SHA_CHARS}
 * characters. The hash in the name keeps two that archive the same rows from overwriting each
 * other's file with another content.
 */
public final class ArchiveFolder {
  private static final int SHA_CHARS = 12;
  private static final String SUFFIX = ".rows.gz";
  private static final String TEMPORARY = ".tmp";

  private final Path folder;

  public ArchiveFolder(Path folder) {
    this.folder = folder;
  }

  /** Where it is. */
  public Path path() {
    return folder;
  }

  /**
   * Writes rows to a file of a temporary name.
   *
   * @param writer tells the files of several writers apart
   */
  public Path draft(Stretch stretch, Iterator<StoredRow> rows, String writer) {
    Path draft = folder.resolve(prefix(stretch) + "." + writer + TEMPORARY);
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new ArchiveException(folder.toString(), "cannot be made: " + FileReason.why(e), e);
    }
    ArchiveFile.write(draft, stretch, rows);
    return draft;
  }

  /** Gives a written file its name; when this returns that is on disk. */
  public Archived publish(Path draft, Stretch stretch) {
    String sha256 = ArchiveFile.sha256(draft);
    String name = prefix(stretch) + "." + sha256.substring(0, SHA_CHARS) + SUFFIX;
    try {
      Path file = folder.resolve(name);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
      return new Archived(stretch, name, sha256, Files.size(file), false);
    } catch (IOException e) {
      throw new ArchiveException(name, "cannot be named so: " + FileReason.why(e), e);
    }
  }

  /**
   * The rows of a file that is on record.
   *
   * @throws ArchiveException if it is not there, or says of itself that it is another
   */
  public ArchiveFile.Reading rows(Archived archived) {
    ArchiveFile.Reading reading = ArchiveFile.read(folder.resolve(archived.file()));
    if (!reading.stretch().equals(archived.stretch())) {
      throw new ArchiveException(
          archived.file(), "it holds %s, not %s".formatted(reading.stretch(), archived.stretch()));
    }
    return reading;
  }

  /**
   * Checks a file against the record: each of its bytes, and that its rows follow each other.
   *
   * @throws ArchiveException with what is wrong
   */
  public void check(Archived archived) {
    checkBytes(archived);
    Stretch stretch = archived.stretch();
    ChainHash hash = stretch.previous();
    try {
      Iterator<Recorded> record =
          RangeRecord.after(stretch.range(), rows(archived), stretch.previous());
      while (record.hasNext()) {
        hash = record.next().row().hash();
      }
    } catch (BrokenRecordException e) {
      throw new ArchiveException(archived.file(), String.valueOf(e.getMessage()), e);
    }
    if (!hash.equals(stretch.hash())) {
      throw new ArchiveException(
          archived.file(), "its last row has hash %s, not %s".formatted(hash, stretch.hash()));
    }
  }

  /**
   * Checks that a file has the bytes that are on record.
   *
   * @throws ArchiveException if not
   */
  public void checkBytes(Archived archived) {
    String sha256 = ArchiveFile.sha256(folder.resolve(archived.file()));
    if (!sha256.equals(archived.sha256())) {
      throw new ArchiveException(
          archived.file(),
          "its bytes were changed: they have another hash than when it was written");
    }
  }

  /** The names of all files of a range, finished ones only. */
  public List<String> files(RangeId range) {
    return names(prefix(range), SUFFIX);
  }

  /** Removes what a writer left that was killed. */
  public void removeDrafts(RangeId range) {
    names(prefix(range), TEMPORARY).forEach(this::remove);
  }

  /** Removes a file that is not on record. */
  public void remove(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      throw new ArchiveException(name, "cannot be removed: " + FileReason.why(e), e);
    }
  }

  private List<String> names(String prefix, String suffix) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(each -> String.valueOf(each.getFileName()))
          .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new ArchiveException(folder.toString(), "cannot be read: " + FileReason.why(e), e);
    }
  }

  private static String prefix(Stretch stretch) {
    return prefix(stretch.range()) + stretch.first() + "-" + stretch.last();
  }

  private static String prefix(RangeId range) {
    return range.toString().replace('/', '_').replace(':', '-') + ".";
  }
}
