package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.protocol.FeId;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FollowersByApiTest {
  private static final List<FeId> BOTH = List.of(new FeId("fe8"), new FeId("fe9"));

  private final FollowersByApi followers;

  FollowersByApiTest() throws OperationFailedException {
    followers =
        new FollowersByApi(new ApiClient(URI.create("http://127.0.0.1:1"), Optional.empty()));
  }

  @Test
  void theOneThatIsFurthestBehindCounts() throws Exception {
    assertEquals(7, followers.mostBehind(BOTH, answer(element("fe8", 3), element("fe9", 7))));
    assertEquals(0, followers.mostBehind(BOTH, answer(element("fe8", 0), element("fe9", 0))));
  }

  /** Its owner starts its log again, or has left: what it committed is not installed by that. */
  @ParameterizedTest
  @CsvSource({"'committedRevision\":100', 'committedRevision\":0'", "10.0.0.0/20, 10.0.16.0/20"})
  void aRangeThatDoesNotAnswerIsNotInstalled(String whole, String lacking) throws Exception {
    String before = answer(element("fe8", 3), element("fe9", 7)).toString();
    followers.mostBehind(BOTH, parsed(before));
    JsonNode after = parsed(before.replace(whole, lacking));
    IOException thrown = assertThrows(IOException.class, () -> followers.mostBehind(BOTH, after));
    assertEquals("range 10.0.0.0/20 has no owner that answers", thrown.getMessage());
    assertEquals(7, followers.mostBehind(BOTH, parsed(before)), "as soon as it answers again");
  }

  @Test
  void whoIsNotThereCannotBeWaitedFor() throws Exception {
    JsonNode one = answer(element("fe8", 3));
    IOException unknown = assertThrows(IOException.class, () -> followers.mostBehind(BOTH, one));
    assertEquals("fe9 is not known", unknown.getMessage());
    String both = answer(element("fe8", 3), element("fe9", 3)).toString();
    JsonNode off = parsed(both.replace("\"connected\":true", "\"connected\":false"));
    IOException thrown = assertThrows(IOException.class, () -> followers.mostBehind(BOTH, off));
    assertEquals("fe8 is not connected", thrown.getMessage());
    JsonNode empty = parsed(both.replaceAll("(?s)\\[\\s*\\{\"range.*?]", "[]"));
    IOException nothing = assertThrows(IOException.class, () -> followers.mostBehind(BOTH, empty));
    assertEquals("no range is known", nothing.getMessage());
  }

  private static String element(String id, long behind) {
    return """
        {"id":"%s","connected":true,"ranges":[
          {"range":"10.0.0.0/20","committedRevision":100,"appliedRevision":%d},
          {"range":"10.0.32.0/20","committedRevision":50,"appliedRevision":50}]}"""
        .formatted(id, 100 - behind);
  }

  private static JsonNode answer(String... elements) throws IOException {
    return parsed("{\"forwardingElements\":[" + String.join(",", elements) + "]}");
  }

  private static JsonNode parsed(String json) throws IOException {
    return Json.parse(json.getBytes(StandardCharsets.UTF_8));
  }
}
