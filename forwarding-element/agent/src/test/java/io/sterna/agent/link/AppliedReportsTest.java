package io.sterna.agent.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.table.SessionId;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppliedReportsTest {
  private static final RangeId A = RangeId.parse("10.10.0.0/20");
  private static final RangeId B = RangeId.parse("10.10.16.0/20");
  private static final SessionId FIRST = new SessionId(1);
  private static final SessionId SECOND = new SessionId(2);

  private final AppliedReports reports = new AppliedReports();

  @Test
  void reportsTheLatestOnly() {
    reports.fed(A, FIRST);
    reports.installed(List.of(at(A, 1)));
    reports.installed(List.of(at(A, 2)));
    assertTrue(reports.isPending());
    assertEquals(Map.of(FIRST, List.of(at(A, 2))), reports.drain());
    assertFalse(reports.isPending());
    assertEquals(Map.of(), reports.drain());
  }

  @Test
  void reportsEachRangeToItsFeederOnly() {
    reports.fed(A, FIRST);
    reports.fed(B, SECOND);
    reports.installed(List.of(at(A, 1), at(B, 1)));
    assertEquals(Map.of(FIRST, List.of(at(A, 1)), SECOND, List.of(at(B, 1))), reports.drain());
  }

  @Test
  void aFeederThatSaysWhatIsKnownHearsWhereTheRangeIs() {
    reports.fed(A, FIRST);
    reports.installed(List.of(at(A, 1)));
    reports.drain();
    reports.sessionEnded(FIRST);
    reports.installed(List.of(at(A, 2)));
    assertEquals(Map.of(), reports.drain());
    reports.fedAgain(A, SECOND);
    assertEquals(Map.of(SECOND, List.of(at(A, 2))), reports.drain());
  }

  private static RangePosition at(RangeId range, long revision) {
    return new RangePosition(range, 1, revision, ChainHash.GENESIS);
  }
}
