package io.sterna.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A key that no reference knows. Pure.
 *
 * @param key its full path
 * @param line where it stands, or 0 if that is not known
 * @param suggestion the known key it resembles
 */
record UnknownKey(String key, int line, Optional<String> suggestion) {
  /**
   * All settings live under this key; other libraries' settings are not the operator's business.
   */
  private static final String TOP = "sterna";

  /** The keys of objects inside lists, which a reference with empty lists cannot tell. */
  private static final Map<String, Set<String>> ELEMENT_KEYS =
      Map.of(
          "sterna.controller.mobile-prefixes", Set.of("prefix", "range-length"),
          "sterna.controller.forwarding-elements", Set.of("id", "site", "underlay"),
          "sterna.controller.policy.known-vms", Set.of("address", "mac", "sites"),
          "sterna.controller.policy.site-capacity", Set.of("site", "vms"),
          "sterna.controller.network.sites",
              Set.of(
                  "id",
                  "latitude",
                  "longitude",
                  "vm-capacity",
                  "memory-capacity-mib",
                  "price-per-vm-hour"),
          "sterna.controller.network.links",
              Set.of("from", "to", "capacity-mbps", "rtt-ms", "price-per-gib"));

  /** Handed on to another library, which has more keys than its reference names. */
  private static final Set<String> OPEN = Set.of("sterna.fe.akka");

  /** The one that stands first in the file. */
  static Optional<UnknownKey> firstIn(Config own, Config reference) {
    List<UnknownKey> found = new ArrayList<>();
    compare("", own.root(), reference.withOnlyPath(TOP).root(), found);
    return found.stream()
        .min(Comparator.comparing(UnknownKey::line).thenComparing(UnknownKey::key));
  }

  String reason() {
    return "unknown key"
        + suggestion.map(known -> "; did you mean " + known + "?").orElse("")
        + (line > 0 ? " (line " + line + ")" : "");
  }

  private static void compare(
      String path, ConfigValue own, ConfigValue known, List<UnknownKey> found) {
    if (OPEN.contains(path)) {
      return;
    }
    if (own instanceof ConfigObject object && known instanceof ConfigObject knownObject) {
      for (Map.Entry<String, ConfigValue> each : object.entrySet()) {
        String key = join(path, each.getKey());
        if (knownObject.containsKey(each.getKey())) {
          compare(key, each.getValue(), knownObject.get(each.getKey()), found);
        } else {
          found.add(unknown(key, each.getKey(), each.getValue(), knownObject.keySet()));
        }
      }
    } else if (own instanceof Collection<?> list) {
      elements(path, list, found);
    }
    // Any other difference is one of type, which the settings class reports with its reason.
  }

  private static void elements(String path, Collection<?> list, List<UnknownKey> found) {
    Set<String> known = ELEMENT_KEYS.getOrDefault(path, Set.of());
    int index = 0;
    for (Object element : list) {
      if (element instanceof ConfigObject object) {
        for (Map.Entry<String, ConfigValue> each : object.entrySet()) {
          if (!known.contains(each.getKey())) {
            String key = join(path + "[" + index + "]", each.getKey());
            found.add(unknown(key, each.getKey(), each.getValue(), known));
          }
        }
      }
      index++;
    }
  }

  private static UnknownKey unknown(
      String path, String name, ConfigValue value, Set<String> siblings) {
    return new UnknownKey(
        path, Math.max(0, value.origin().lineNumber()), Spelling.nearest(name, siblings));
  }

  private static String join(String path, String key) {
    String quoted = ConfigUtil.joinPath(key);
    return path.isEmpty() ? quoted : path + "." + quoted;
  }
}
