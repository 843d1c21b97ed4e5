package io.sterna.cli;

import io.sterna.store.event.Order;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.stream.Stream;
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
    try {
      Files.createFile(
          tokenFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(tokenFile, token + "\n");
      Files.writeString(
          operators,
          lineEnd(operators) + name + ":" + hash(token) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (FileAlreadyExistsException e) {
      throw new OperationFailedException(tokenFile + " exists already", e);
    } catch (IOException e) {
      throw new OperationFailedException(
          "cannot write the token: " + FileReason.of(tokenFile, e), e);
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

  private static long tokensOf(String name, Path operators) throws OperationFailedException {
    if (!Files.exists(operators)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(operators, StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> line.strip().startsWith(name + ":")).count();
    } catch (IOException | UncheckedIOException e) {
      throw new OperationFailedException("cannot read the operators' file " + operators, e);
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
