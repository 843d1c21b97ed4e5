package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What needs no controller is JSON, too, where it is asked for. */
final class ListsAsJsonTest {
  @Test
  void aCheckedFileIsOneObject() throws Exception {
    JsonNode checked = json("config", "check", "c1.conf");
    assertEquals("c1.conf", checked.path("file").asText());
    assertTrue(checked.path("ok").asBoolean());
    assertEquals("checked", checked.path("configures").asText());
    assertEquals("c1.conf: ok: checked\n", Ran.sterna("config", "check", "c1.conf").out());
  }

  @Test
  void faultsAndFiguresAreLists() throws Exception {
    named(json("lab", "fault", "--list").path("faults"), "what");
    named(json("bench", "--list").path("figures"), "about");
    String csv = Ran.sterna("bench", "--list", "--output", "csv").out();
    assertTrue(csv.startsWith("FIGURE,BAR,UNIT,WHAT\n"), csv);
  }

  @Test
  void figuresAreRowsIfThatIsAskedFor() throws Exception {
    Ran ran = Ran.sterna("bench", "--only", "jmh-decide", "--output", "csv");
    assertEquals(1, ran.status(), "the benches are not here");
    List<String> lines = ran.out().lines().toList();
    assertEquals("FIGURE,VALUE,UNIT,BAR,HOLDS,FAILURE", lines.get(0));
    assertTrue(lines.get(1).startsWith("jmh-decide,-,ns/change,-,no,"), lines.get(1));
    assertEquals(2, lines.size());
  }

  private static void named(JsonNode list, String about) {
    assertTrue(list.size() > 3, list.toString());
    for (JsonNode each : list) {
      assertFalse(each.path("name").asText().isEmpty(), each.toString());
      assertFalse(each.path(about).asText().isEmpty(), each.toString());
    }
  }

  private static JsonNode json(String... arguments) throws Exception {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--output";
    all[arguments.length + 1] = "json";
    Ran ran = Ran.sterna(all);
    assertEquals(0, ran.status(), ran.err());
    return Json.parse(ran.out().getBytes(UTF_8));
  }
}
