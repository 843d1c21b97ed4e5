package io.sterna.agent.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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

  private final AppliedReports reports = new AppliedReports(5, 0);

  @Test
  void reportsAFewAtOnceAndTheLatestUnderLoad() {
    reports.fed(A, FIRST);
    for (int revision = 1; revision <= 4; revision++) {
      reports.installed(List.of(at(A, revision)));
      assertEquals(0, reports.waitNanos(0));
      assertEquals(Map.of(FIRST, List.of(at(A, revision))), reports.drain(0));
    }
    reports.installed(List.of(at(A, 5)));
    assertEquals(4, reports.waitNanos(1));
    reports.installed(List.of(at(A, 6)));
    assertEquals(Map.of(FIRST, List.of(at(A, 6))), reports.drain(5));
    assertFalse(reports.isPending());
  }

  @Test
  void afterALoadOneReportAnIntervalIsLeft() {
    reports.fed(A, FIRST);
    for (int revision = 1; revision <= 4; revision++) {
      reports.installed(List.of(at(A, revision)));
      reports.drain(0);
    }
    assertEquals(0, reports.waitNanos(5));
    reports.installed(List.of(at(A, 5)));
    reports.drain(5);
    assertEquals(5, reports.waitNanos(5));
  }

  @Test
  void reportsEachRangeToItsFeederOnly() {
    reports.fed(A, FIRST);
    reports.fed(B, SECOND);
    reports.installed(List.of(at(A, 1), at(B, 1)));
    assertEquals(Map.of(FIRST, List.of(at(A, 1)), SECOND, List.of(at(B, 1))), reports.drain(0));
  }

  @Test
  void aFeederThatSaysWhatIsKnownHearsWhereTheRangeIs() {
    reports.fed(A, FIRST);
    reports.installed(List.of(at(A, 1)));
    reports.drain(0);
    reports.sessionEnded(FIRST);
    reports.installed(List.of(at(A, 2)));
    assertEquals(Map.of(), reports.drain(5));
    reports.fedAgain(A, SECOND);
    assertEquals(Map.of(SECOND, List.of(at(A, 2))), reports.drain(10));
  }

  private static RangePosition at(RangeId range, long revision) {
    return new RangePosition(range, 1, revision, ChainHash.GENESIS);
  }
}
