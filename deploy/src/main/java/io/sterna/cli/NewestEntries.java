package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The end of the log, which the API gives from its beginning on only: looks back ever further until
 * there are enough, and keeps no more than these.
 */
final class NewestEntries {
  private static final List<String> LOOKS_BACK = List.of("10s", "2m", "30m", "6h", "3d", "30d");
  private static final String PAGE = "1000";

  private final Log log;
  private final int count;

  /** Gives a page of the log. */
  @FunctionalInterface
  interface Log {
    JsonNode page(Map<String, String> asked) throws OperationFailedException;
  }

  NewestEntries(Log log, int count) {
    this.log = log;
    this.count = count;
  }

  /** An answer like that of the API, without more behind it. */
  JsonNode read(Map<String, String> filter) throws OperationFailedException {
    Deque<JsonNode> newest = new ArrayDeque<>();
    // A time to which it goes may lie anywhere: then there is no saying how far to look back.
    if (!filter.containsKey("from") && !filter.containsKey("to")) {
      for (String from : LOOKS_BACK) {
        Map<String, String> asked = new TreeMap<>(filter);
        asked.put("from", from);
        newest = end(asked);
        if (newest.size() == count) {
          return answer(newest);
        }
      }
    }
    return answer(end(filter));
  }

  private Deque<JsonNode> end(Map<String, String> filter) throws OperationFailedException {
    Deque<JsonNode> newest = new ArrayDeque<>();
    Map<String, String> asked = new TreeMap<>(filter);
    asked.put("limit", PAGE);
    JsonNode page;
    do {
      page = log.page(asked);
      for (JsonNode each : page.path("entries")) {
        if (newest.size() == count) {
          newest.removeFirst();
        }
        newest.addLast(each);
      }
      asked.put("cursor", page.path("next").asText());
    } while (page.path("next").isTextual());
    return newest;
  }

  private static JsonNode answer(Deque<JsonNode> entries) {
    ObjectNode all = Json.MAPPER.createObjectNode();
    all.putArray("entries").addAll(entries);
    return all.putNull("next");
  }
}
