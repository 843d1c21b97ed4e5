package io.sterna.loadgen.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One mapping of a scenario, read strictly. */
final class Section {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h)");

  private final Path file;
  private final String path;
  private final JsonNode node;

  private Section(Path file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** The mapping, if it holds nothing but these keys. */
  static Section of(Path file, String path, JsonNode node, Set<String> keys)
      throws ScenarioException {
    if (!node.isObject()) {
      throw new ScenarioException(file, path, "expected keys and values");
    }
    Section section = new Section(file, path.isEmpty() ? "" : path + ".", node);
    for (String key : (Iterable<String>) node::fieldNames) {
      if (!keys.contains(key)) {
        throw section.bad(key, "unknown key; known: " + String.join(", ", keys));
      }
    }
    return section;
  }

  boolean has(String key) {
    return node.has(key);
  }

  Section section(String key, Set<String> keys) throws ScenarioException {
    return of(file, path + key, required(key), keys);
  }

  long whole(String key, long min, long max, @Nullable Long standard) throws ScenarioException {
    JsonNode value = node.get(key);
    if (value == null && standard != null) {
      return standard;
    }
    value = required(key);
    BigInteger number = value.isIntegralNumber() ? value.bigIntegerValue() : null;
    if (number == null
        || number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0) {
      throw bad(
          key, "expected a whole number from " + min + " to " + max + ", not " + shown(value));
    }
    return number.longValueExact();
  }

  Duration duration(String key, Duration min, @Nullable Duration standard)
      throws ScenarioException {
    if (node.get(key) == null && standard != null) {
      return standard;
    }
    JsonNode value = required(key);
    Matcher matcher = DURATION.matcher(value.asText(""));
    if (!matcher.matches()) {
      throw bad(key, "expected a duration such as 500ms, 10s or 2m, not " + shown(value));
    }
    long count = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          default -> Duration.ofHours(count);
        };
    if (duration.compareTo(min) < 0) {
      throw bad(key, "is shorter than " + min.toMillis() + "ms");
    }
    return duration;
  }

  <T> T parsed(String key, Function<String, T> parse) throws ScenarioException {
    return parsed(key, required(key), parse);
  }

  <T> T parsed(String key, Function<String, T> parse, T standard) throws ScenarioException {
    return node.get(key) == null ? standard : parsed(key, parse);
  }

  <T> List<T> list(String key, Function<String, T> parse) throws ScenarioException {
    JsonNode value = required(key);
    if (!value.isArray() || value.isEmpty()) {
      throw bad(key, "expected a list of one or more");
    }
    List<T> all = new ArrayList<>();
    for (JsonNode each : value) {
      all.add(parsed(key, each, parse));
    }
    return all;
  }

  private <T> T parsed(String key, JsonNode value, Function<String, T> parse)
      throws ScenarioException {
    if (!value.isValueNode() || value.isNull()) {
      throw bad(key, "expected one value");
    }
    try {
      return parse.apply(value.asText());
    } catch (IllegalArgumentException e) {
      throw bad(key, String.valueOf(e.getMessage()));
    }
  }

  ScenarioException bad(String key, String reason) {
    return new ScenarioException(file, path + key, reason);
  }

  private JsonNode required(String key) throws ScenarioException {
    JsonNode value = node.get(key);
    if (value == null || value.isNull()) {
      throw bad(key, "missing");
    }
    return value;
  }

  private static String shown(JsonNode value) {
    return "'" + value.asText(value.getNodeType().toString().toLowerCase(Locale.ROOT)) + "'";
  }
}
