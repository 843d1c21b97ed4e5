package io.sterna.controller.http;

import io.sterna.controller.RangeMap;
import io.sterna.protocol.IpPrefix;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a request asks for, read strictly: a word that is misspelt would else answer another
 * question, or none, and look as if there were nothing. Pure.
 */
final class Asked {
  private Asked() {}

  /**
   * @throws IllegalArgumentException if there is a parameter that is none of these
   */
  static void only(Map<String, String> asked, String... names) {
    List<String> known = List.of(names);
    for (String name : asked.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "there is no parameter '%s' here, only: %s".formatted(name, String.join(", ", known)));
      }
    }
  }

  /**
   * A word of a closed list, whatever its case.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Optional<String> word(Map<String, String> asked, String name, List<String> known) {
    return Optional.ofNullable(asked.get(name)).map(text -> word(name, text, known));
  }

  private static String word(String name, String text, List<String> known) {
    String word = text.toLowerCase(Locale.ROOT);
    if (!known.contains(word)) {
      throw new IllegalArgumentException(
          "%s '%s' is none of %s".formatted(name, text, String.join(", ", known)));
    }
    return word;
  }

  /**
   * A number from 1 on.
   *
   * @throws IllegalArgumentException if it is none
   */
  static OptionalLong count(Map<String, String> asked, String name) {
    String text = asked.get(name);
    if (text == null) {
      return OptionalLong.empty();
    }
    if (!text.matches("0*[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException("%s '%s' is no number from 1 on".formatted(name, text));
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /**
   * The prefix that is asked for.
   *
   * @throws IllegalArgumentException if no range of the cluster has addresses of it
   */
  static Optional<IpPrefix> prefix(Map<String, String> asked, RangeMap ranges) {
    Optional<IpPrefix> prefix = Optional.ofNullable(asked.get("prefix")).map(IpPrefix::parse);
    prefix.ifPresent(each -> mobile(each, ranges));
    return prefix;
  }

  /**
   * The same prefix.
   *
   * @throws IllegalArgumentException if no range of the cluster has addresses of it
   */
  static IpPrefix mobile(IpPrefix prefix, RangeMap ranges) {
    if (ranges.ranges().stream().noneMatch(range -> range.prefix().overlaps(prefix))) {
      throw new IllegalArgumentException("no range of this cluster has addresses of " + prefix);
    }
    return prefix;
  }
}
