package io.sterna.lab.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.lab.topology.MoveStamps;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossAccountTest {
  private static final long MS = 1_000_000;
  private static final MoveStamps MOVE = new MoveStamps(100 * MS, 120 * MS, 123 * MS);

  @Test
  void nothingLost() {
    assertEquals(new LossAccount(200, 0, 0, 0, 0), LossAccount.ofMove(probes(200, -1, -1), MOVE));
  }

  @Test
  void splitsALossByWhenTheProbesLeft() {
    // Lost from 99 to 130: 99..120 had no link, 121..123 were not announced, 124..130 went astray.
    assertEquals(
        new LossAccount(200, 22, 3, 7, 32), LossAccount.ofMove(probes(200, 99, 130), MOVE));
  }

  @Test
  void lossLongBeforeTheMoveIsNotExcusedByIt() {
    assertEquals(new LossAccount(200, 0, 0, 2, 2), LossAccount.ofMove(probes(200, 97, 98), MOVE));
  }

  @Test
  void probeThatReachedTheVmIsJudgedByItsWayBack() {
    ProbeFate answerLostInTheMove = new ProbeFate(0, 90 * MS, 100 * MS, true, false);
    ProbeFate answerLostLater = new ProbeFate(1, 110 * MS, 130 * MS, true, false);
    LossAccount loss = LossAccount.ofMove(List.of(answerLostInTheMove, answerLostLater), MOVE);
    assertEquals(new LossAccount(2, 1, 0, 1, 2), loss);
    assertEquals(1, loss.lost());
  }

  @Test
  void atRestEveryLossCounts() {
    assertEquals(new LossAccount(50, 0, 0, 4, 4), LossAccount.ofRest(probes(50, 10, 13)));
  }

  @Test
  void logForgetsTheOldestAndIgnoresStrangers() {
    FlowLog log = new FlowLog("flow");
    for (int i = 0; i < FlowLog.CAPACITY + 10; i++) {
      log.sending(i);
    }
    log.answered(3, 1);
    log.answered(-1, 1);
    log.answered(FlowLog.CAPACITY + 10L, 1);
    assertEquals(0, log.answeredCount());
    log.arrived(FlowLog.CAPACITY, 5);
    log.answered(FlowLog.CAPACITY, 6);
    log.answered(FlowLog.CAPACITY, 7);
    assertEquals(1, log.answeredCount());
    List<ProbeFate> fates = log.fates(0, Long.MAX_VALUE);
    assertEquals(FlowLog.CAPACITY - 1, fates.size());
    assertEquals(
        List.of(new ProbeFate(FlowLog.CAPACITY, FlowLog.CAPACITY, 5, true, true)),
        log.fates(FlowLog.CAPACITY, FlowLog.CAPACITY + 1L));
  }

  /** One probe a millisecond; those from {@code lostFrom} to {@code lostTo} never arrive. */
  private static List<ProbeFate> probes(int count, int lostFrom, int lostTo) {
    List<ProbeFate> fates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean lost = i >= lostFrom && i <= lostTo;
      fates.add(new ProbeFate(i, i * MS, i * MS, !lost, !lost));
    }
    return fates;
  }
}
