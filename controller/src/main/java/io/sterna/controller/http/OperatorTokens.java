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
 * hash says nothing about them. The file is read again when it has changed; if it cannot be, what
 * was read before holds.
 */
public final class OperatorTokens {
  private static final Logger LOG = LoggerFactory.getLogger(OperatorTokens.class);
  private static final int HASH_BYTES = 32;
  private static final String NO_HASH = ": the hash is not 64 hexadecimal digits";

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
   * Those of a file.
   *
   * @throws IOException with file, line and what is wrong
   */
  public static OperatorTokens of(Path file) throws IOException {
    return new OperatorTokens(file, read(file));
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
          known = read(from);
        }
      } catch (IOException e) {
        LOG.warn("The operators stay as they were: {}", e.toString());
      }
    }
    return known.tokens();
  }

  private static Known read(Path file) throws IOException {
    FileTime modified = Files.getLastModifiedTime(file);
    long bytes = Files.size(file);
    List<Token> tokens = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = line.strip();
      if (!text.isEmpty() && !text.startsWith("#")) {
        tokens.add(token(file + ":" + number, text));
      }
    }
    if (tokens.isEmpty()) {
      throw new IOException(file + ": names no operator");
    }
    return new Known(modified, bytes, List.copyOf(tokens));
  }

  /** Never says what stands there: it could be a token itself. */
  private static Token token(String where, String text) throws IOException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IOException(where + ": is not NAME:SHA-256");
    }
    if (!Order.isOperator(text.substring(0, colon))) {
      throw new IOException(where + ": the name is not 1 to 63 characters of a-z, 0-9 and ._@-");
    }
    try {
      byte[] hash = HexFormat.of().parseHex(text.substring(colon + 1).strip());
      if (hash.length == HASH_BYTES) {
        return new Token(text.substring(0, colon), hex(hash));
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(where + NO_HASH, e);
    }
    throw new IOException(where + NO_HASH);
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
