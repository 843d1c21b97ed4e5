package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.loadgen.run.FollowerProgress;
import io.sterna.protocol.FeId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far elements are, as a controller's API says. An answer counts only if it is whole: a range
 * that does not answer, or whose owner has not read its log yet, would count as installed.
 */
final class FollowersByApi implements FollowerProgress {
  private final ApiClient client;

  /** The most that was seen committed, by range. */
  private final Map<String, Long> committed = new HashMap<>();

  FollowersByApi(ApiClient client) {
    this.client = client;
  }

  @Override
  public long mostBehind(List<FeId> fes) throws IOException {
    try {
      return mostBehind(fes, client.forwardingElements());
    } catch (OperationFailedException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The same, from an answer. */
  long mostBehind(List<FeId> fes, JsonNode answer) throws IOException {
    Map<String, JsonNode> known = new HashMap<>();
    answer.path("forwardingElements").forEach(each -> known.put(each.path("id").asText(), each));
    long most = 0;
    for (FeId fe : fes) {
      JsonNode its = known.get(fe.value());
      if (its == null) {
        throw new IOException(fe + " is not known");
      }
      if (!its.path("connected").asBoolean()) {
        throw new IOException(fe + " is not connected");
      }
      most = Math.max(most, behind(its.path("ranges")));
    }
    return most;
  }

  private long behind(JsonNode ranges) throws IOException {
    Map<String, Long> now = new HashMap<>();
    long behind = 0;
    for (JsonNode range : ranges) {
      long revision = range.path("committedRevision").asLong();
      now.put(range.path("range").asText(), revision);
      behind += revision - range.path("appliedRevision").asLong();
    }
    if (now.isEmpty()) {
      throw new IOException("no range is known");
    }
    for (Map.Entry<String, Long> before : committed.entrySet()) {
      if (now.getOrDefault(before.getKey(), -1L) < before.getValue()) {
        throw new IOException("range " + before.getKey() + " has no owner that answers");
      }
    }
    committed.putAll(now);
    return behind;
  }
}
