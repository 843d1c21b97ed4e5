package io.sterna.controller.http;

import io.sterna.store.event.Order;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whose token is whose. A file has a line for each, {@code NAME:SHA-256} in hexadecimal digits; one
 * operator may have several while he changes his. Tokens are long and made by chance, so a plain
 * hash says nothing about them. A file without lines is a list of nobody.
 *
 * <p>The file is read again when it has changed. What cannot be read then stands for nobody: a line
 * that is wrong, or all of them if the file is gone. To take a token back must not depend on the
 * rest of the file.
 */
public final class OperatorTokens {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorTokens.class);
  private static final int HASH_BYTES = 32;
  private static final String NO_HASH = "the hash is not 64 hexadecimal digits";

  private static final Known UNREADABLE = new Known(FileTime.fromMillis(0), -1, List.of());

  private final @Nullable Path file;
  private volatile Known known;

  private record Token(String operator, String hash) {}

  private record Known(FileTime modified, long bytes, List<Token> tokens) {}

  private OperatorTokens(@Nullable Path file, Known known) {
    this.file = file;
    this.known = known;
  }

  /** No tokens: whoever reaches the API may do what it can do, and is anonymous. */
  public static OperatorTokens none() {
    return new OperatorTokens(null, new Known(FileTime.fromMillis(0), 0, List.of()));
  }

  /**
   * Those of a file. When a controller starts it must not be wrong.
   *
   * @throws IOException with file, line and what is wrong
   */
  public static OperatorTokens of(Path file) throws IOException {
    List<String> wrong = new ArrayList<>();
    Known known = read(file, wrong);
    if (!wrong.isEmpty()) {
      throw new IOException(wrong.get(0));
    }
    if (known.tokens().isEmpty()) {
      LOG.warn("{} names no operator: nobody may change anything", file);
    }
    return new OperatorTokens(file, known);
  }

  boolean areKnown() {
    return file != null;
  }

  /** Takes as long whatever is wrong with a token. */
  Optional<String> operatorOf(String token) {
    byte[] hash = ascii(hex(sha256().digest(token.getBytes(StandardCharsets.UTF_8))));
    Optional<String> operator = Optional.empty();
    for (Token each : current()) {
      if (MessageDigest.isEqual(hash, ascii(each.hash()))) {
        operator = Optional.of(each.operator());
      }
    }
    return operator;
  }

  private List<Token> current() {
    Path from = file;
    if (from != null) {
      try {
        boolean same =
            Files.getLastModifiedTime(from).equals(known.modified())
                && Files.size(from) == known.bytes();
        if (!same) {
          List<String> wrong = new ArrayList<>();
          known = read(from, wrong);
          wrong.forEach(line -> LOG.warn("This line stands for nobody: {}", line));
        }
      } catch (IOException e) {
        if (known.bytes() >= 0) {
          LOG.warn("No operator has a token while the file cannot be read: {}", e.toString());
        }
        known = UNREADABLE;
      }
    }
    return known.tokens();
  }

  private static Known read(Path file, List<String> wrong) throws IOException {
    FileTime modified = Files.getLastModifiedTime(file);
    long bytes = Files.size(file);
    List<Token> tokens = new ArrayList<>();
    int number = 0;
    // In Latin-1 all bytes are characters: one that is wrong spoils its line alone.
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        try {
          tokens.add(token(text));
        } catch (IllegalArgumentException e) {
          wrong.add(file + ":" + number + ": " + e.getMessage());
        }
      }
    }
    return new Known(modified, bytes, List.copyOf(tokens));
  }

  /** Never says what stands there: it could be a token itself. */
  private static Token token(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("is not NAME:SHA-256");
    }
    if (!Order.isOperator(text.substring(0, colon))) {
      throw new IllegalArgumentException(
          "the name is not 1 to 63 characters of a-z, A-Z, 0-9 and ._@-");
    }
    try {
      byte[] hash = HexFormat.of().parseHex(text.substring(colon + 1).strip());
      if (hash.length == HASH_BYTES) {
        return new Token(text.substring(0, colon), hex(hash));
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(NO_HASH, e);
    }
    throw new IllegalArgumentException(NO_HASH);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
