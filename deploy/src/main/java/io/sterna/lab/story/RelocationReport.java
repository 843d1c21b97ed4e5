package io.sterna.lab.story;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came of it.
 *
 * @param plan as the API shows it at its end, with its steps
 * @param seenMbps what Sterna said that goes between sites, before
 * @param beforeMbps what the kernel counted on wide-area links before the plan
 * @param afterMbps the same after it
 * @param sentMbps what the VMs send each other, measured at the receivers, after it
 * @param brokenStreams why connections ended; empty if all live
 * @param misplaced VMs that are not where the plan says
 */
record RelocationReport(
    JsonNode plan,
    double seenMbps,
    double beforeMbps,
    double afterMbps,
    double sentMbps,
    List<String> brokenStreams,
    List<String> misplaced) {
  private static final double FALLS_TO = 0.1;
  private static final double SEEN_WITHIN = 0.15;
  private static final double STILL_SENT = 0.8;

  /** What was not as promised. */
  List<String> broken(double offeredMbps) {
    List<String> broken = new ArrayList<>();
    if (!plan.path("state").asText().equals("done")) {
      broken.add("the plan ended as " + plan.path("state").asText());
    }
    if (Math.abs(seenMbps - beforeMbps) > SEEN_WITHIN * beforeMbps) {
      broken.add(
          "Sterna saw %.1f Mbit/s between sites, the kernel %.1f".formatted(seenMbps, beforeMbps));
    }
    if (!(afterMbps <= FALLS_TO * beforeMbps)) {
      broken.add("wide-area traffic fell from %.1f to %.1f".formatted(beforeMbps, afterMbps));
    }
    if (sentMbps < STILL_SENT * offeredMbps) {
      broken.add("VMs send %.1f of %.1f Mbit/s".formatted(sentMbps, offeredMbps));
    }
    brokenStreams.forEach(why -> broken.add("a TCP connection ended: " + why));
    misplaced.forEach(broken::add);
    return broken;
  }

  ObjectNode fields(double offeredMbps) {
    ObjectNode fields = new ObjectMapper().createObjectNode();
    fields.put("story", "relocation");
    fields.put("offered_mbps", offeredMbps);
    fields.put("seen_between_sites_mbps", seenMbps);
    fields.put("wide_area_mbps_before", beforeMbps);
    fields.put("wide_area_mbps_after", afterMbps);
    fields.put("sent_mbps_after", sentMbps);
    fields.set("plan", plan);
    broken(offeredMbps).forEach(fields.putArray("broken")::add);
    return fields;
  }

  /** Lines for people. */
  List<String> lines(double offeredMbps) {
    List<String> lines = new ArrayList<>();
    for (JsonNode step : plan.path("steps")) {
      lines.add(
          "  step %d: %s from %s to %s, %s: %s"
              .formatted(
                  step.path("step").asInt(),
                  step.path("vm").asText(),
                  step.path("from").asText(),
                  step.path("to").asText(),
                  step.path("state").asText(),
                  step.path("reason").asText()));
    }
    lines.add(
        String.format(
            Locale.ROOT,
            "Between sites: %.1f Mbit/s before (Sterna saw %.1f), %.1f after; the VMs send %.1f",
            beforeMbps,
            seenMbps,
            afterMbps,
            sentMbps));
    broken(offeredMbps).forEach(line -> lines.add("BROKEN PROMISE: " + line));
    lines.add(broken(offeredMbps).isEmpty() ? "Every promise held." : "Not every promise held.");
    return lines;
  }
}
