package io.sterna.cli;

import io.sterna.store.event.Order;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sterna operator}: the tokens that say who changes something. */
@Command(
    name = "operator",
    description = "The tokens that say who changes something by the API.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "Examples:", "  sterna operator add ann --operators operators --token ann.token"})
final class OperatorCommand {
  private static final int TOKEN_BYTES = 32;

  private final ApiCommand output;

  OperatorCommand(ApiCommand output) {
    this.output = output;
  }

  @Command(
      name = "add",
      description = {
        "Make a token for an operator: a new file that only its owner reads, and a line with the",
        "token's hash at the end of the operators' file (http.operators-file of every controller).",
        "To take a token back, remove its line."
      },
      footer = {
        "",
        "Examples:",
        "  sterna operator add ann --operators /etc/sterna/operators --token ann.token",
        "  sterna --token-file ann.token vm clear-damping 10.10.1.11"
      })
  int add(
      @Parameters(paramLabel = "NAME", description = "The operator, as the record is to name him.")
          String name,
      @Option(
              names = "--operators",
              required = true,
              paramLabel = "FILE",
              description = "The operators' file; made if it is missing.")
          Path operators,
      @Option(
              names = "--token",
              required = true,
              paramLabel = "FILE",
              description = "A new file for the token.")
          Path tokenFile)
      throws OperationFailedException {
    if (!Order.isOperator(name)) {
      throw OperationFailedException.badUsage(
          "'" + name + "' is not 1 to 63 characters of a-z, A-Z, 0-9 and ._@-");
    }
    long before = tokensOf(name, operators);
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    write(token, tokenFile);
    try {
      append(name + ":" + hash(token) + "\n", operators);
    } catch (IOException e) {
      // A token that no controller knows would look as if it were good.
      forget(tokenFile);
      throw new OperationFailedException(
          "cannot write the operators' file " + FileReason.of(operators, e) + "; no token was made",
          e);
    }
    output.out().println(name + " may show " + tokenFile + " (--token-file)");
    output.out().flush();
    if (before > 0) {
      output.note(
          "%s had a token already, which stays good: to take it back remove its line '%s:...' from %s"
              .formatted(name, name, operators));
    }
    return ExitStatus.DONE;
  }

  private static void write(String token, Path file) throws OperationFailedException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException e) {
      throw new OperationFailedException(file + " exists already", e);
    } catch (IOException e) {
      throw new OperationFailedException("cannot write the token: " + FileReason.of(file, e), e);
    }
    try {
      Files.writeString(file, token + "\n");
    } catch (IOException e) {
      forget(file);
      throw new OperationFailedException("cannot write the token: " + FileReason.of(file, e), e);
    }
  }

  /** The whole line, or, on a disk that is full in the middle of it, nothing. */
  private static void append(String line, Path file) throws IOException {
    boolean isNew = Files.notExists(file);
    long before = isNew ? 0 : Files.size(file);
    try {
      Files.writeString(
          file, lineEnd(file) + line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      if (isNew) {
        Files.deleteIfExists(file);
      } else if (Files.isRegularFile(file) && Files.size(file) > before) {
        try (SeekableByteChannel channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
          channel.truncate(before);
        }
      }
      throw e;
    }
  }

  private static void forget(Path tokenFile) throws OperationFailedException {
    try {
      Files.deleteIfExists(tokenFile);
    } catch (IOException e) {
      throw new OperationFailedException(
          "a token that is good for nothing is left: " + FileReason.of(tokenFile, e), e);
    }
  }

  private static long tokensOf(String name, Path operators) throws OperationFailedException {
    if (!Files.exists(operators)) {
      return 0;
    }
    try {
      return Files.readAllLines(operators, StandardCharsets.ISO_8859_1).stream()
          .filter(line -> line.strip().startsWith(name + ":"))
          .count();
    } catch (IOException e) {
      throw new OperationFailedException(
          "cannot read the operators' file " + FileReason.of(operators, e), e);
    }
  }

  /** What the last line of a file lacks, be it written by hand. */
  private static String lineEnd(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.position(Math.max(0, channel.size() - 1));
      return channel.read(last) < 1 || last.get(0) == '\n' ? "" : "\n";
    }
  }

  private static String hash(String token) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
