package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  private final Path root;
  private final Path cache;
  private final Path jar;

  ClassArchiveTest(@TempDir Path root) {
    this.root = root;
    this.cache = root.resolve("cache");
    this.jar = root.resolve("some.jar");
  }

  @BeforeEach
  void writeJar() throws IOException {
    Files.writeString(jar, "jar");
  }

  @Test
  void isUsedOnceANodeHasWrittenIt() throws IOException {
    ClassArchive archive = archive("java 17");
    assertEquals(Optional.empty(), archive.usable());
    archive.adopt();
    assertEquals(Optional.empty(), archive.usable(), "nothing was written");
    Files.writeString(archive.training(), "classes");
    archive.adopt();
    assertFalse(Files.exists(archive.training()));
    assertEquals("classes", Files.readString(archive.usable().orElseThrow()));
  }

  @Test
  void fitsOnlyTheSameJavaAndTheSameJars() throws IOException {
    train("java 17");
    assertTrue(archive("java 17").usable().isPresent());
    assertEquals(Optional.empty(), archive("java 17.1").usable());
    Files.writeString(jar, "another jar");
    assertEquals(Optional.empty(), archive("java 17").usable());
  }

  @Test
  void isThrownAwayWhenDamaged() throws IOException {
    Path file = train("java 17");
    Files.writeString(file, "classez");
    assertEquals(Optional.empty(), archive("java 17").usable());
    assertFalse(Files.exists(file));
  }

  @Test
  void replacesTheOneBefore() throws IOException {
    Path old = train("java 17");
    Path now = train("java 17.1");
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(now));
  }

  private Path train(String java) throws IOException {
    ClassArchive archive = archive(java);
    Files.writeString(archive.training(), "classes");
    archive.adopt();
    return archive.usable().orElseThrow();
  }

  private ClassArchive archive(String java) throws IOException {
    return ClassArchive.of(cache, java, List.of(jar), root);
  }
}
