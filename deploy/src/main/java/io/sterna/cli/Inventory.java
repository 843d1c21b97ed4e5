package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The elements and sites that the controllers know. */
record Inventory(Set<String> elements, Set<String> sites) {
  /** What of these is not in it; empty if all is, or if that cannot be said just now. */
  static String note(ApiClient client, @Nullable String fe, @Nullable String site) {
    if (fe == null && site == null) {
      return "";
    }
    try {
      return ask(client).note(fe, site);
    } catch (OperationFailedException e) {
      // It was answered what was asked; this would only have been a hint.
      return "";
    }
  }

  private static Inventory ask(ApiClient client) throws OperationFailedException {
    Set<String> elements = new TreeSet<>();
    Set<String> sites = new TreeSet<>();
    for (JsonNode each : client.forwardingElements().path("forwardingElements")) {
      elements.add(each.path("id").asText());
      sites.add(each.path("site").asText());
    }
    return new Inventory(elements, sites);
  }

  private String note(@Nullable String fe, @Nullable String site) {
    if (fe != null && !elements.contains(fe)) {
      return "there is no element '%s' now, only: %s".formatted(fe, String.join(", ", elements));
    }
    if (site != null && !sites.contains(site)) {
      return "there is no site '%s' now, only: %s".formatted(site, String.join(", ", sites));
    }
    return "";
  }
}
