package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What somebody who looks at the tables of a load should know. Pure. */
final class LoadRemarks {
  /** Whoever asked for a rate has it, but for chance: when changes are due is random. */
  private static final double SHARE_OF_RATE = 0.9;

  private static final double DEVIATIONS = 3;

  private LoadRemarks() {}

  /** Of the document of {@code sterna load run}, a line each. */
  static List<String> of(JsonNode result) {
    List<String> remarks = new ArrayList<>();
    boolean interrupted = result.path("interrupted").asBoolean();
    if (interrupted) {
      remarks.add("interrupted: measured for less time than the scenario says");
    }
    JsonNode asked = result.path("scenario").path("arrivalRatePerSecond");
    double accepted = result.path("acceptedPerSecond").asDouble();
    double seconds = result.path("measuredSeconds").asDouble();
    double missing = (asked.asDouble() - accepted) * seconds;
    if (asked.isNumber()
        && accepted < SHARE_OF_RATE * asked.asDouble()
        && missing > DEVIATIONS * Math.sqrt(asked.asDouble() * seconds)) {
      remarks.add(
          "%.0f changes/s were asked for, %.0f were accepted"
              .formatted(asked.asDouble(), accepted));
    }
    JsonNode refused = result.path("counts").path("refused");
    remark(remarks, refused, "DAMPED", "policy.damping lets an address move only so often");
    remark(
        remarks,
        refused,
        "RATE_LIMITED",
        "policy.claims-per-second lets an element claim so often");
    JsonNode caughtUpMs = result.path("stall").path("caughtUpMs");
    if (caughtUpMs.isNumber() && !(interrupted && caughtUpMs.asDouble() < 0)) {
      remarks.add(
          caughtUpMs.asDouble() < 0
              ? "the element that stalled never caught up"
              : "the element that stalled caught up in %.0f ms".formatted(caughtUpMs.asDouble()));
    }
    return List.copyOf(remarks);
  }

  private static void remark(
      List<String> remarks, JsonNode refused, String reason, String because) {
    long claims = refused.path(reason).asLong();
    if (claims > 0) {
      remarks.add("%d claims were refused as %s: %s".formatted(claims, reason, because));
    }
  }
}
