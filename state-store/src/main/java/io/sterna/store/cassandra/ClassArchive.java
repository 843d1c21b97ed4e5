package io.sterna.store.cassandra;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AppCDS archive of Cassandra's classes: with it, a start costs about half the time.
 *
 * <p>The first node writes it when it stops ({@code -XX:ArchiveClassesAtExit}). It fits only the
 * Java and the jars that it was made from, so both are in the name: {@code
 * cassandra-KEY-CHECKSUM.jsa}. Java itself checks little of what it maps, so the checksum is
 * verified before each use; a damaged archive is deleted and made anew. Nothing here ever keeps a
 * node from starting.
 */
final class ClassArchive {
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path folder;
  private final String key;
  private final Path training;

  private ClassArchive(Path folder, String key, Path training) {
    this.folder = folder;
    this.key = key;
    this.training = training;
  }

  /**
   * The archive for this Java and these jars.
   *
   * @param folder where archives are kept
   * @param java identity of the Java
   * @param jars the class path, in order
   * @param scratch a folder of this node's own, on the same file system if possible
   */
  static ClassArchive of(Path folder, String java, List<Path> jars, Path scratch)
      throws IOException {
    MessageDigest digest = sha256();
    digest.update(java.getBytes(StandardCharsets.UTF_8));
    for (Path jar : jars) {
      String line = "\n" + jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
      digest.update(line.getBytes(StandardCharsets.UTF_8));
    }
    String key = HexFormat.of().formatHex(digest.digest(), 0, 8);
    return new ClassArchive(folder, key, scratch.resolve("training.jsa"));
  }

  /** An archive that may be used; damaged ones are deleted. */
  Optional<Path> usable() {
    String pattern = "cassandra-" + key + "-*.jsa";
    try (DirectoryStream<Path> archives = Files.newDirectoryStream(folder, pattern)) {
      for (Path archive : archives) {
        if (archive.equals(nameFor(archive))) {
          return Optional.of(archive);
        }
        LOG.warn("Class archive {} is damaged: it is deleted and made anew", archive);
        Files.delete(archive);
      }
    } catch (IOException e) {
      LOG.debug("No class archive in {}: {}", folder, e.toString());
    }
    return Optional.empty();
  }

  /** Where a node without an archive writes one when it stops. */
  Path training() {
    return training;
  }

  /** Makes what a node wrote when it stopped the archive of the next one. */
  void adopt() {
    try {
      if (Files.isRegularFile(training)) {
        Files.createDirectories(folder);
        removeOthers();
        Path staged = folder.resolve(training.getFileName() + "-" + ProcessHandle.current().pid());
        Files.move(training, staged, StandardCopyOption.REPLACE_EXISTING);
        Files.move(staged, nameFor(staged), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      LOG.warn("The class archive was not kept, the next start will be slow: {}", e.toString());
    }
  }

  /** Archives of jars or Javas that are gone would pile up at 60 MB each. */
  private void removeOthers() throws IOException {
    try (DirectoryStream<Path> old = Files.newDirectoryStream(folder, "cassandra-*.jsa")) {
      for (Path archive : old) {
        // A node that uses it has it mapped, and keeps it until it ends.
        Files.deleteIfExists(archive);
      }
    }
  }

  private Path nameFor(Path content) throws IOException {
    CRC32C checksum = new CRC32C();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(content)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        checksum.update(buffer, 0, read);
      }
    }
    String hex = HexFormat.of().toHexDigits((int) checksum.getValue());
    return folder.resolve("cassandra-" + key + "-" + hex + ".jsa");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
