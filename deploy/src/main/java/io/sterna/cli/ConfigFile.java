package io.sterna.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * A configuration file (HOCON), read strictly: every key must be one that {@code reference.conf}
 * knows, and whatever is wrong becomes one line that names file, key and reason.
 */
public final class ConfigFile {
  private static final int FILE_BYTES_MAX = 1 << 20;

  private final Path file;
  private final String rootPath;
  private final Config resolved;

  private ConfigFile(Path file, String rootPath, Config resolved) {
    this.file = file;
    this.rootPath = rootPath;
    this.resolved = resolved;
  }

  /**
   * Reads a file; what it does not say comes from the {@code reference.conf} of the modules.
   *
   * @param rootPath what the file must hold, for instance {@code sterna.controller}
   * @throws ConfigFileException if it cannot be read or parsed, or holds an unknown key
   */
  public static ConfigFile load(Path file, String rootPath) throws ConfigFileException {
    return load(file, rootPath, ConfigFactory.defaultReference());
  }

  static ConfigFile load(Path file, String rootPath, Config reference) throws ConfigFileException {
    Config parsed = parse(file);
    try {
      Config merged = parsed.withFallback(reference).resolve();
      // Only the file's own keys are checked, with its substitutions filled in from both.
      Config own = parsed.resolveWith(merged);
      Optional<UnknownKey> unknown = UnknownKey.firstIn(own, reference);
      if (unknown.isPresent()) {
        throw new ConfigFileException(file, unknown.get().key(), unknown.get().reason());
      }
      if (!own.hasPath(rootPath)) {
        throw new ConfigFileException(
            file, rootPath, "is missing: this file configures no such role");
      }
      return new ConfigFile(file, rootPath, merged);
    } catch (ConfigException e) {
      throw ConfigComplaint.of(e, reference).in(file, e);
    }
  }

  /** Whether the file itself, not the reference, speaks of this root; no key is checked. */
  static boolean holds(Path file, String rootPath) throws ConfigFileException {
    Config parsed = parse(file);
    try {
      return parsed.hasPath(rootPath);
    } catch (ConfigException e) {
      throw ConfigComplaint.of(e, parsed).in(file, e);
    }
  }

  /**
   * Lets a role read its settings.
   *
   * @param reader takes the whole configuration and the folder relative file names start at;
   *     reports what is wrong by {@link ConfigException}
   * @throws ConfigFileException for every such exception
   */
  public <T> T settings(BiFunction<Config, Path, T> reader) throws ConfigFileException {
    try {
      return reader.apply(resolved, folder());
    } catch (ConfigException e) {
      throw ConfigComplaint.of(e, resolved.withOnlyPath(rootPath)).in(file, e);
    }
  }

  /** The file's name, as it was given. */
  public Path file() {
    return file;
  }

  /** Everything under the root. */
  Config root() {
    return resolved.getConfig(rootPath);
  }

  /** Where relative file names in it start. */
  Path folder() {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /** A complaint about a key under the root. */
  ConfigFileException complaint(String key, String reason) {
    return new ConfigFileException(file, rootPath + "." + key, reason);
  }

  /** A parser would quote what it stumbles over, and that could be a key. */
  private static void refusePem(Path file) throws ConfigFileException {
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      if (lines.anyMatch(line -> line.startsWith("-----BEGIN "))) {
        throw new ConfigFileException(file, "is a certificate or a key, no configuration");
      }
    } catch (IOException | UncheckedIOException e) {
      throw new ConfigFileException(file, "cannot be read", e);
    }
  }

  private static Config parse(Path file) throws ConfigFileException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new ConfigFileException(file, "is larger than " + FILE_BYTES_MAX + " bytes");
      }
    } catch (IOException e) {
      throw new ConfigFileException(file, "does not exist or cannot be read", e);
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new ConfigFileException(file, "is not a readable file");
    }
    refusePem(file);
    try {
      // Whatever its name ends with, it is HOCON.
      return ConfigFactory.parseFile(
          file.toFile(),
          ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false));
    } catch (ConfigException e) {
      throw ConfigComplaint.of(e, ConfigFactory.empty()).in(file, e);
    }
  }
}
