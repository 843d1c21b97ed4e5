package io.sterna.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorTokensTest {
  /** Of {@code secret}. */
  private static final String SECRET =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  /** Of {@code other}. */
  private static final String OTHER =
      "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private Path folder;

  @Test
  void aTokenStandsForTheNameOfItsLine() throws IOException {
    OperatorTokens tokens =
        tokens("# who may\n\nann:" + SECRET + "\nann:" + OTHER.toUpperCase(java.util.Locale.ROOT));
    assertEquals(Optional.of("ann"), tokens.operatorOf("secret"));
    assertEquals(Optional.of("ann"), tokens.operatorOf("other"));
    assertEquals(Optional.empty(), tokens.operatorOf("Secret"));
    assertEquals(Optional.empty(), tokens.operatorOf(""));
    assertEquals(Optional.empty(), tokens.operatorOf(SECRET));
    assertFalse(OperatorTokens.none().areKnown());
  }

  @Test
  void aLineThatIsTakenOutHoldsNoLonger() throws IOException {
    Path file = write("ann:" + SECRET + "\nbob:" + OTHER);
    OperatorTokens tokens = OperatorTokens.of(file);
    assertEquals(Optional.of("bob"), tokens.operatorOf("other"));
    Files.writeString(file, "ann:" + SECRET);
    assertEquals(Optional.empty(), tokens.operatorOf("other"));
    assertEquals(Optional.of("ann"), tokens.operatorOf("secret"));
    // Of the same length: the time tells.
    Files.writeString(file, "eve:" + SECRET);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    assertEquals(Optional.of("eve"), tokens.operatorOf("secret"));
  }

  @Test
  void theLastTokenCanBeTakenBack() throws IOException {
    Path file = write("ann:" + SECRET);
    OperatorTokens tokens = OperatorTokens.of(file);
    Files.writeString(file, "# nobody any more\n");
    assertEquals(Optional.empty(), tokens.operatorOf("secret"));
    assertTrue(tokens.areKnown());
    Files.writeString(file, "ann:" + SECRET);
    assertEquals(Optional.of("ann"), tokens.operatorOf("secret"));
    Files.writeString(file, "");
    assertEquals(Optional.empty(), tokens.operatorOf("secret"));
    OperatorTokens ofNobody = OperatorTokens.of(file);
    assertTrue(ofNobody.areKnown());
    assertEquals(Optional.empty(), ofNobody.operatorOf("secret"));
  }

  @Test
  void ofAFileThatBreaksHoldsWhatCanBeRead() throws IOException {
    Path file = write("ann:" + SECRET);
    OperatorTokens tokens = OperatorTokens.of(file);
    Files.writeString(file, "ann\nbob:" + OTHER);
    assertEquals(Optional.empty(), tokens.operatorOf("secret"));
    assertEquals(Optional.of("bob"), tokens.operatorOf("other"));
    Files.write(file, new byte[] {(byte) 0xff, '\n'});
    Files.writeString(file, "ann:" + SECRET, StandardOpenOption.APPEND);
    assertEquals(Optional.of("ann"), tokens.operatorOf("secret"));
    assertEquals(Optional.empty(), tokens.operatorOf("other"));
  }

  @Test
  void aFileThatIsGoneIsAListOfNobodyUntilItIsBack() throws IOException {
    Path file = write("ann:" + SECRET);
    OperatorTokens tokens = OperatorTokens.of(file);
    FileTime modified = Files.getLastModifiedTime(file);
    Files.delete(file);
    assertEquals(Optional.empty(), tokens.operatorOf("secret"));
    assertTrue(tokens.areKnown());
    write("ann:" + SECRET);
    Files.setLastModifiedTime(file, modified);
    assertEquals(Optional.of("ann"), tokens.operatorOf("secret"));
    assertThrows(IOException.class, () -> OperatorTokens.of(folder.resolve("none")));
  }

  @Test
  void saysWhichLineIsWrongAndNotWhatStandsThere() throws IOException {
    refused("\nann", ":2: is not NAME:SHA-256");
    refused("ann:secret", ":1: the hash is not 64 hexadecimal digits");
    refused("ann:" + SECRET + "00", ":1: the hash is not 64 hexadecimal digits");
    refused("an n:" + SECRET, ":1: the name is not 1 to 63 characters of a-z, A-Z, 0-9 and ._@-");
  }

  private void refused(String text, String message) throws IOException {
    Path file = write(text);
    IOException e = assertThrows(IOException.class, () -> OperatorTokens.of(file));
    assertEquals(file + message, e.getMessage());
  }

  private OperatorTokens tokens(String text) throws IOException {
    return OperatorTokens.of(write(text));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("operators"), text);
  }
}
