package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NewestEntriesTest {
  private final List<String> asked = new ArrayList<>();

  /** Entries 1 to 5, two a page; the last three are younger than two minutes. */
  private JsonNode page(Map<String, String> question) {
    asked.add(question.getOrDefault("from", "begin"));
    String from = question.getOrDefault("from", "");
    int first = from.equals("10s") ? 6 : from.equals("2m") ? 3 : 1;
    first = Integer.parseInt(question.getOrDefault("cursor", String.valueOf(first)));
    ObjectNode page = Json.MAPPER.createObjectNode();
    for (int i = first; i < Math.min(first + 2, 6); i++) {
      page.withArray("entries").addObject().put("id", i);
    }
    page.put("next", first + 2 < 6 ? String.valueOf(first + 2) : null);
    return page;
  }

  private List<Integer> last(int count, Map<String, String> filter) throws Exception {
    List<Integer> ids = new ArrayList<>();
    new NewestEntries(this::page, count)
        .read(filter)
        .path("entries")
        .forEach(each -> ids.add(each.path("id").asInt()));
    return ids;
  }

  @Test
  void looksBackUntilThereAreEnough() throws Exception {
    assertEquals(List.of(4, 5), last(2, Map.of()));
    assertEquals(List.of("10s", "2m", "2m"), asked);
    assertEquals(List.of(2, 3, 4, 5), last(4, Map.of()));
    assertEquals(List.of(1, 2, 3, 4, 5), last(9, Map.of()));
  }

  @Test
  void aTimeThatIsGivenIsKept() throws Exception {
    assertEquals(List.of(5), last(1, Map.of("from", "2m")));
    assertEquals(List.of("2m", "2m"), asked);
    assertEquals(List.of(4, 5), last(2, Map.of("to", "now")));
  }
}
