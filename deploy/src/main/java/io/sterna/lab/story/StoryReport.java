package io.sterna.lab.story;

import io.sterna.lab.probe.Distribution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is promised, and whether it held. Pure.
 *
 * @param dataPlane {@code kernel} or {@code emulated}
 * @param warmUpMoves how often another VM moved before, unmeasured
 * @param moves every measured move
 * @param failover what the death of the owner did
 * @param skippedProbes milliseconds without a probe, because the prober was not running
 */
record StoryReport(
    String dataPlane,
    int warmUpMoves,
    List<MoveResult> moves,
    FailoverResult failover,
    long skippedProbes) {
  private static final double INSTALLED_MEDIAN_MS_MAX = 10;
  private static final double INSTALLED_MS_MAX = 50;
  private static final double LOST_MEDIAN_MAX = 2;

  StoryReport {
    moves = List.copyOf(moves);
  }

  /** The promises that did not hold, a line each; empty if all held. */
  List<String> broken() {
    List<String> broken = new ArrayList<>();
    atMost(
        broken,
        "median ms from announcement to installed",
        installed().median(),
        INSTALLED_MEDIAN_MS_MAX);
    atMost(broken, "worst ms from announcement to installed", installed().max(), INSTALLED_MS_MAX);
    atMost(broken, "median of lost probes a move", lost().median(), LOST_MEDIAN_MAX);
    moves.forEach(move -> addStreams(broken, "move " + move.number(), move));
    addStreams(broken, "the move after the failover", failover.moveAfter());
    atMost(broken, "probes lost while the owner was dead", failover.lostMeanwhile(), 0);
    failover.forgotten().forEach(line -> broken.add("forgotten: " + line));
    return broken;
  }

  /** The figures beside what is promised, a line each. */
  List<String> promises() {
    return List.of(
        String.format(
            Locale.ROOT,
            "announced -> installed in every kernel: median %.1f ms (promised %.0f), worst %.1f (%.0f)",
            installed().median(),
            INSTALLED_MEDIAN_MS_MAX,
            installed().max(),
            INSTALLED_MS_MAX),
        String.format(
            Locale.ROOT,
            "probes lost a move: median %.0f (promised %.0f); while the owner was dead: %d (0)",
            lost().median(),
            LOST_MEDIAN_MAX,
            failover.lostMeanwhile()),
        "TCP connections broken, bindings forgotten: "
            + (streamsSurvived() ? "none" : "some")
            + ", "
            + (failover.forgotten().isEmpty() ? "none" : "some")
            + " (promised none)");
  }

  private static void atMost(List<String> broken, String what, double value, double limit) {
    boolean held = value <= limit;
    if (!held) {
      broken.add(String.format(Locale.ROOT, "%s: %.1f, promised at most %.0f", what, value, limit));
    }
  }

  private static void addStreams(List<String> broken, String when, MoveResult move) {
    move.brokenStreams().forEach(stream -> broken.add(when + ": " + stream));
  }

  /** Whether every connection survived every move. */
  boolean streamsSurvived() {
    return failover.moveAfter().streamsSurvived()
        && moves.stream().allMatch(MoveResult::streamsSurvived);
  }

  private Distribution installed() {
    return Distribution.of(moves.stream().map(MoveResult::announceToInstalledMs).toList());
  }

  private Distribution lost() {
    return Distribution.of(moves.stream().map(MoveResult::lost).toList());
  }

  private Distribution unplugged() {
    return Distribution.of(moves.stream().map(MoveResult::unpluggedMs).toList());
  }

  /** The result by name, in the order in which it is printed. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("data_plane", dataPlane);
    fields.put("moves", moves.size());
    fields.put("warm_up_moves", warmUpMoves);
    fields.put("lost_probes_max", (int) lost().max());
    fields.put("lost_probes_median", tenths(lost().median()));
    fields.put(
        "lost_probes_stale_max", moves.stream().mapToInt(MoveResult::lostStale).max().orElse(0));
    fields.put(
        "lost_probes_unplugged_max",
        moves.stream().mapToInt(MoveResult::lostUnplugged).max().orElse(0));
    fields.put("probes_skipped", skippedProbes);
    fields.put(
        "longest_gap_ms_max",
        tenths(moves.stream().mapToDouble(MoveResult::longestGapMs).max().orElse(0)));
    fields.put("unplugged_ms_p50", tenths(unplugged().median()));
    fields.put("unplugged_ms_max", tenths(unplugged().max()));
    fields.put("announce_to_installed_ms_p50", tenths(installed().median()));
    fields.put("announce_to_installed_ms_max", tenths(installed().max()));
    fields.put("tcp_survived", streamsSurvived());
    fields.put("failover_ms", tenths(failover.failoverMs()));
    fields.put("failover_lost_probes", failover.lostMeanwhile());
    fields.put("failover_killed", failover.killed());
    fields.put("failover_new_owner", failover.newOwner());
    fields.put("forgotten", failover.forgotten().size());
    fields.put("broken_promises", broken());
    fields.put("ok", broken().isEmpty());
    return fields;
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
