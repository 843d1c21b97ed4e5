package io.sterna.lab.story;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.lab.probe.LossAccount;
import io.sterna.lab.topology.MoveStamps;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoryReportTest {
  private static final long MS = 1_000_000;

  @Test
  void everyPromiseHeld() {
    StoryReport report = report(List.of(move(4, 0), move(9, 2), move(12, 3)), 0, List.of());
    assertEquals(List.of(), report.broken());
    assertEquals(true, report.fields().get("ok"));
  }

  @Test
  void fieldsAreThoseThatAreReadByOthers() throws Exception {
    StoryReport report = report(List.of(move(4, 0), move(9, 2), move(12.34, 3)), 0, List.of());
    ObjectMapper json = new ObjectMapper();
    JsonNode fields = json.readTree(json.writeValueAsString(report.fields()));
    assertEquals(
        json.readTree(
            """
            {"data_plane":"kernel","moves":3,"warm_up_moves":60,"lost_probes_max":3,"lost_probes_median":2.0,
             "lost_probes_stale_max":3,"lost_probes_unplugged_max":20,"probes_skipped":7,"longest_gap_ms_max":23.0,
             "unplugged_ms_p50":20.0,"unplugged_ms_max":20.0,
             "announce_to_installed_ms_p50":9.0,"announce_to_installed_ms_max":12.3,
             "tcp_survived":true,"failover_ms":8000.5,"failover_lost_probes":0,
             "failover_killed":"c1","failover_new_owner":"c2","forgotten":0,
             "broken_promises":[],"ok":true}
            """),
        fields);
  }

  @Test
  void slowMedianIsABrokenPromise() {
    assertBroken(
        report(List.of(move(4, 0), move(10.1, 0), move(11, 0)), 0, List.of()), "median ms");
  }

  @Test
  void oneVerySlowMoveIsABrokenPromise() {
    assertBroken(report(List.of(move(4, 0), move(4, 0), move(50.1, 0)), 0, List.of()), "worst ms");
  }

  @Test
  void lossIsABrokenPromise() {
    assertBroken(report(List.of(move(4, 3), move(4, 3), move(4, 0)), 0, List.of()), "lost probes");
    assertBroken(report(List.of(move(4, 0)), 1, List.of()), "owner was dead");
  }

  @Test
  void forgottenBindingIsABrokenPromise() {
    assertBroken(report(List.of(move(4, 0)), 0, List.of("10.10.1.11 is gone")), "10.10.1.11");
  }

  @Test
  void brokenConnectionIsABrokenPromise() {
    MoveResult broke = move(4, 0, List.of("tcp x: reset"));
    StoryReport report = report(List.of(move(4, 0), broke), 0, List.of());
    assertBroken(report, "tcp x");
    assertFalse(report.streamsSurvived());
  }

  @Test
  void worstFlowCounts() {
    LossAccount good = new LossAccount(500, 20, 0, 0, 20);
    LossAccount bad = new LossAccount(450, 19, 1, 2, 22);
    MoveResult move = move(4, List.of(good, bad), List.of());
    assertEquals(450, move.sent());
    assertEquals(3, move.lost());
    assertEquals(2, move.lostStale());
    assertEquals(20, move.lostUnplugged());
    assertEquals(22.0, move.longestGapMs());
    assertTrue(MoveTable.line(move).contains("survived"));
  }

  private static void assertBroken(StoryReport report, String about) {
    assertEquals(1, report.broken().size(), report.broken().toString());
    assertTrue(report.broken().get(0).contains(about), report.broken().toString());
    assertEquals(false, report.fields().get("ok"));
  }

  private static StoryReport report(List<MoveResult> moves, int lost, List<String> forgotten) {
    return new StoryReport(
        "kernel",
        60,
        moves,
        new FailoverResult("c1", "c2", 8000.5, lost, forgotten, move(5, 9)),
        7);
  }

  private static MoveResult move(double installedMs, int lost) {
    return move(installedMs, lost, List.of());
  }

  private static MoveResult move(double installedMs, int lost, List<String> broken) {
    return move(installedMs, List.of(new LossAccount(500, 20, 0, lost, 20 + lost)), broken);
  }

  private static MoveResult move(
      double installedMs, List<LossAccount> losses, List<String> broken) {
    MoveStamps stamps = new MoveStamps(0, 20 * MS, 20 * MS);
    long installed = stamps.announcedNanos() + Math.round(installedMs * MS);
    return new MoveResult(1, "site1", "site2", stamps, installed, losses, broken);
  }
}
