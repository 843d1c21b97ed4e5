package io.sterna.lab.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceLogTest {
  private final ServiceLog log = new ServiceLog(2, vm -> vm % 2);

  @Test
  void countsFromTheMomentToTheLastRangesFirstAnswerThatWasDueAfterIt() {
    log.acknowledged(0, 90, 110);
    log.acknowledged(0, 105, 130);
    assertEquals(-1, log.servedAfter(List.of(0, 1), 100));
    assertEquals(30, log.servedAfter(List.of(0), 100));
    log.acknowledged(1, 120, 170);
    assertEquals(70, log.servedAfter(List.of(0, 1), 100));
    log.acknowledged(1, 121, 180);
    assertEquals(70, log.servedAfter(List.of(0, 1), 100));
  }

  @Test
  void knowsWhichRangesAreSilent() {
    assertEquals(2, log.silentSince(0));
    log.acknowledged(3, 10, 20);
    assertEquals(1, log.silentSince(10));
    assertEquals(2, log.silentSince(11));
  }

  @Test
  void findsTheLongestSilenceOfAnyRangeUpToTheEnd() {
    log.acknowledged(0, 0, 10);
    log.acknowledged(0, 0, 40);
    log.acknowledged(1, 0, 25);
    assertEquals(35, log.longestSilence(List.of(0, 1), 5, 60));
    assertEquals(30, log.longestSilence(List.of(0), 10, 45));
  }

  @Test
  void findsTheSlowestClaimThatWasDueAfterAMoment() {
    log.acknowledged(0, 10, 90);
    log.acknowledged(1, 20, 50);
    assertEquals(80, log.slowestSince(0));
    assertEquals(30, log.slowestSince(11));
    assertEquals(0, log.slowestSince(21));
    // Its VM moved on before anybody answered: that is the slowest of all.
    log.gaveUp(21, 160);
    assertEquals(139, log.slowestSince(0));
    assertEquals(0, log.slowestSince(22));
  }

  @Test
  void countsTheVmsThatWereAcknowledgedNotTheirChanges() {
    log.acknowledged(0, 0, 10);
    log.acknowledged(0, 0, 20);
    log.acknowledged(1, 0, 20);
    log.acknowledged(2, 0, 30);
    assertEquals(2, log.vmsBetween(0, 20));
    assertEquals(1, log.vmsBetween(20, 30));
  }
}
