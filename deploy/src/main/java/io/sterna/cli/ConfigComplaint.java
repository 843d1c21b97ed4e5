package io.sterna.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ConfigException} says, taken apart: settings classes read parts of a configuration
 * and so know only the end of a key; here the whole key is found again.
 *
 * @param key the full key, or empty if the complaint is about the whole file
 * @param reason why
 * @param line where it stands in the file, or 0 if it does not
 */
record ConfigComplaint(String key, String reason, int line) {
  private static final Pattern BAD_VALUE =
      Pattern.compile("Invalid value at '([^']*)': (.*)", Pattern.DOTALL);
  private static final Pattern MISSING =
      Pattern.compile("No configuration setting found for key '([^']*)'.*", Pattern.DOTALL);
  private static final Pattern IS_NULL =
      Pattern.compile("Configuration key '([^']*)' is (?:set to )?null.*", Pattern.DOTALL);
  private static final Pattern WRONG_TYPE =
      Pattern.compile("(\\S+) has type (\\S+) rather than (.*)", Pattern.DOTALL);

  /**
   * @param tree the configuration the exception is about
   */
  static ConfigComplaint of(ConfigException e, Config tree) {
    ConfigOrigin origin = e.origin();
    String message = String.valueOf(e.getMessage());
    int line = 0;
    if (origin != null) {
      String prefix = origin.description() + ": ";
      message = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
      line = origin.filename() == null ? 0 : Math.max(0, origin.lineNumber());
    }
    Matcher bad = BAD_VALUE.matcher(message);
    if (bad.matches()) {
      return new ConfigComplaint(fullKey(tree, origin, bad.group(1)), bad.group(2), line);
    }
    Matcher missing = MISSING.matcher(message);
    if (missing.matches()) {
      return new ConfigComplaint(parentKey(tree, origin, missing.group(1)), "is required", line);
    }
    Matcher isNull = IS_NULL.matcher(message);
    if (isNull.matches()) {
      return new ConfigComplaint(fullKey(tree, origin, isNull.group(1)), "must not be null", line);
    }
    Matcher type = WRONG_TYPE.matcher(message);
    if (type.matches()) {
      return new ConfigComplaint(
          fullKey(tree, origin, type.group(1)),
          "is a " + type.group(2) + ", expected " + type.group(3),
          line);
    }
    return new ConfigComplaint("", message, line);
  }

  ConfigFileException in(Path file, ConfigException cause) {
    String where = line > 0 ? " (line " + line + ")" : "";
    return key.isEmpty()
        ? new ConfigFileException(file, reason + where, cause)
        : new ConfigFileException(file, key, reason + where, cause);
  }

  /** The full key of the value that stands at the origin and whose key ends so. */
  private static String fullKey(Config tree, @Nullable ConfigOrigin origin, String end) {
    List<String> found = new ArrayList<>();
    walk(
        "",
        tree.root(),
        (path, value) -> {
          boolean ends = path.equals(end) || path.endsWith("." + end);
          if (ends && (origin == null || samePlace(value.origin(), origin))) {
            found.add(path);
          }
        });
    return one(found, end);
  }

  /** The full key of something that is absent from the object at the origin. */
  private static String parentKey(Config tree, @Nullable ConfigOrigin origin, String end) {
    List<String> found = new ArrayList<>();
    walk(
        "",
        tree.root(),
        (path, value) -> {
          if (value instanceof ConfigObject object
              && origin != null
              && samePlace(value.origin(), origin)
              && !object.containsKey(end)) {
            found.add(path.isEmpty() ? end : path + "." + end);
          }
        });
    return one(found, end);
  }

  /** Elements of a list that stand on one line cannot be told apart: then without the index. */
  private static String one(List<String> found, String fallback) {
    if (found.size() <= 1) {
      return found.isEmpty() ? fallback : found.get(0);
    }
    List<String> plain =
        found.stream().map(path -> path.replaceAll("\\[\\d+\\]", "")).distinct().toList();
    return plain.size() == 1 ? plain.get(0) : fallback;
  }

  private static boolean samePlace(ConfigOrigin a, ConfigOrigin b) {
    return a.lineNumber() == b.lineNumber() && a.description().equals(b.description());
  }

  private interface Visitor {
    void visit(String path, ConfigValue value);
  }

  private static void walk(String path, ConfigValue value, Visitor visitor) {
    visitor.visit(path, value);
    if (value instanceof ConfigObject object) {
      for (Map.Entry<String, ConfigValue> each : object.entrySet()) {
        String key = ConfigUtil.joinPath(each.getKey());
        walk(path.isEmpty() ? key : path + "." + key, each.getValue(), visitor);
      }
    } else if (value instanceof Collection<?> list) {
      int index = 0;
      for (Object element : list) {
        walk(path + "[" + index++ + "]", (ConfigValue) element, visitor);
      }
    }
  }
}
