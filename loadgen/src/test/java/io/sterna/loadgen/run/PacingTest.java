package io.sterna.loadgen.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.loadgen.scenario.Scenario;
import io.sterna.protocol.FeId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real thread asks; the test answers. */
@Timeout(30)
class PacingTest {
  private static final FeId FE = new FeId("fe3");
  private static final Scenario.Followers WANTED = new Scenario.Followers(List.of(FE), 100);

  private static final Pacing.Patience ENDLESS =
      new Pacing.Patience(Duration.ofDays(1), Duration.ofDays(1));

  private final Semaphore questions = new Semaphore(0);
  private final SynchronousQueue<Long> answers = new SynchronousQueue<>();

  @Test
  void whatWasSettledBeforeTheQuestionIsInstalledButForWhatIsBehind() throws Exception {
    try (Pacing pacing = Pacing.start(WANTED, this::answer, ENDLESS)) {
      awaitQuestion();
      assertEquals(0, pacing.eventsMax(), "nothing happens before the first answer");
      answers.put(0L);
      awaitMax(pacing, 0, 100);
      awaitQuestion();
      // What is settled meanwhile is known to the question after this one only.
      pacing.settled(70);
      answers.put(30L);
      awaitMax(pacing, 70, 70);
      awaitQuestion();
      answers.put(30L);
      awaitMax(pacing, 70, 140);
    }
  }

  @Test
  void anAnswerThatFailsNowAndThenIsAskedForAgain() throws Exception {
    AtomicBoolean failing = new AtomicBoolean(true);
    FollowerProgress progress =
        fes -> {
          if (failing.getAndSet(!failing.get())) {
            throw new IOException("busy");
          }
          return answer(fes);
        };
    try (Pacing pacing = Pacing.start(WANTED, progress, ENDLESS)) {
      answers.put(1L);
      awaitMax(pacing, 0, 99);
      answers.put(2L);
      awaitMax(pacing, 0, 98);
    }
  }

  @Test
  void whoCannotTellForLongEndsTheRun() throws Exception {
    FollowerProgress silent =
        fes -> {
          throw new IOException(fes.get(0) + " is not connected");
        };
    try (Pacing pacing =
        Pacing.start(
            WANTED, silent, new Pacing.Patience(Duration.ofMillis(1), Duration.ofDays(1)))) {
      LoadException thrown =
          assertThrows(LoadException.class, () -> awaitMax(pacing, 0, Long.MAX_VALUE));
      assertEquals("followers: fe3 is not connected", thrown.getMessage());
    }
  }

  /** More and more is behind: the bound goes up and down, and never beyond where it was. */
  @Test
  void elementsThatStandStillEndTheRun() throws Exception {
    AtomicLong committed = new AtomicLong(40);
    FollowerProgress still = fes -> committed.addAndGet(1) + committed.get() % 2;
    Pacing.Patience patience = new Pacing.Patience(Duration.ofDays(1), Duration.ofMillis(100));
    try (Pacing pacing = Pacing.start(WANTED, still, patience)) {
      LoadException thrown =
          assertThrows(
              LoadException.class,
              () -> {
                while (!pacing.hasFailed()) {
                  pacing.settled(committed.get() - 41);
                  TimeUnit.MILLISECONDS.sleep(1);
                }
                pacing.check();
              });
      assertTrue(
          String.valueOf(thrown.getMessage()).contains("for 0 s nothing was installed"),
          thrown::getMessage);
    }
  }

  @Test
  void elementsThatHaveEverythingDoNotStandStill() throws Exception {
    FollowerProgress done =
        fes -> {
          questions.release();
          return 0;
        };
    Pacing.Patience patience = new Pacing.Patience(Duration.ofDays(1), Duration.ofNanos(1));
    try (Pacing pacing = Pacing.start(WANTED, done, patience)) {
      assertTrue(questions.tryAcquire(5, 20, TimeUnit.SECONDS), "nobody asks");
      pacing.check();
      assertEquals(100, pacing.eventsMax());
    }
  }

  @Test
  void aFaultInTheAskerEndsTheRun() throws Exception {
    FollowerProgress broken =
        fes -> {
          throw new IllegalStateException("a fault made by the test");
        };
    try (Pacing pacing = Pacing.start(WANTED, broken, ENDLESS)) {
      LoadException thrown =
          assertThrows(LoadException.class, () -> awaitMax(pacing, 0, Long.MAX_VALUE));
      assertTrue(String.valueOf(thrown.getMessage()).contains("a fault made by the test"));
    }
  }

  private long answer(List<FeId> fes) throws IOException {
    assertEquals(List.of(FE), fes);
    questions.release();
    try {
      Long answer = answers.poll(20, TimeUnit.SECONDS);
      assertTrue(answer != null, "the test asks no more");
      return answer;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private void awaitQuestion() throws InterruptedException {
    assertTrue(questions.tryAcquire(20, TimeUnit.SECONDS), "nobody asks");
  }

  private static void awaitMax(Pacing pacing, long settled, long expected)
      throws LoadException, InterruptedException {
    pacing.settled(settled);
    while (pacing.eventsMax() != expected) {
      pacing.check();
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }
}
