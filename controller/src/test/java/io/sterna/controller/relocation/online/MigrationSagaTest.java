package io.sterna.controller.relocation.online;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.controller.relocation.online.MigrationSaga.Order;
import io.sterna.controller.relocation.online.MigrationSaga.Outcome;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.store.plan.StepEnd;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** A migration, word by word; and with two elements that crash, forget and are not reached. */
class MigrationSagaTest {
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final Migration MIGRATION =
      new Migration(new OperationId("p1-1"), IpAddress.parse("10.10.1.11"), FE1, FE2);
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final MigrationSaga saga = new MigrationSaga(MIGRATION, AGAIN, PATIENCE, 0);
  private long now;

  private void asks(FeId fe, MigrationPhase phase) {
    List<Order> orders = saga.due(now);
    assertEquals(1, orders.size());
    assertEquals(fe, orders.get(0).fe());
    assertEquals(phase, orders.get(0).command().phase());
  }

  private void says(FeId fe, MigrationPhase phase, MigrationState state, String text) {
    saga.reported(fe, new MigrationReport(MIGRATION.operation(), phase, state, 0, 0, text), now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private void ended(StepEnd end, String detail) {
    assertEquals(end, saga.outcome().orElseThrow().end());
    assertEquals(detail, saga.outcome().orElseThrow().detail());
    assertTrue(saga.due(now).isEmpty());
  }

  @Test
  void targetSourceTarget() {
    asks(FE2, MigrationPhase.PREPARE);
    assertTrue(saga.due(now).isEmpty());
    pass(AGAIN);
    asks(FE2, MigrationPhase.PREPARE);
    says(FE2, MigrationPhase.PREPARE, MigrationState.DONE, "tcp:1");
    List<Order> move = saga.due(now);
    assertEquals(FE1, move.get(0).fe());
    assertEquals("tcp:1", move.get(0).command().endpoint());
    says(FE2, MigrationPhase.MOVE, MigrationState.DONE, "");
    assertTrue(saga.due(now).isEmpty(), "that was not for fe2 to say");
    says(FE1, MigrationPhase.MOVE, MigrationState.PAUSED, "");
    assertEquals("switching over", saga.progress());
    says(FE1, MigrationPhase.MOVE, MigrationState.DONE, "");
    asks(FE2, MigrationPhase.COMPLETE);
    says(FE2, MigrationPhase.COMPLETE, MigrationState.DONE, "");
    ended(StepEnd.DONE, "");
  }

  @Test
  void whatFailedRunsOnAtTheSource() {
    asks(FE2, MigrationPhase.PREPARE);
    says(FE2, MigrationPhase.PREPARE, MigrationState.FAILED, "no room");
    asks(FE1, MigrationPhase.CANCEL);
    says(FE1, MigrationPhase.CANCEL, MigrationState.DONE, "");
    asks(FE2, MigrationPhase.CANCEL);
    says(FE2, MigrationPhase.CANCEL, MigrationState.CANCELLED, "");
    ended(StepEnd.FAILED, "no room; it runs on at fe1");
  }

  @Test
  void aSourceThatForgotThatItHasMovedTheVm() {
    asks(FE2, MigrationPhase.PREPARE);
    says(FE2, MigrationPhase.PREPARE, MigrationState.DONE, "");
    asks(FE1, MigrationPhase.MOVE);
    says(FE1, MigrationPhase.MOVE, MigrationState.FAILED, "no such VM");
    asks(FE1, MigrationPhase.CANCEL);
    says(FE1, MigrationPhase.CANCEL, MigrationState.CANCELLED, "");
    asks(FE2, MigrationPhase.COMPLETE);
    says(FE2, MigrationPhase.COMPLETE, MigrationState.DONE, "");
    ended(StepEnd.DONE, "after all, though no such VM");
  }

  @Test
  void whoDoesNotAnswerIsNotWaitedForForEver() {
    asks(FE2, MigrationPhase.PREPARE);
    pass(PATIENCE);
    asks(FE1, MigrationPhase.CANCEL);
    pass(PATIENCE);
    assertTrue(saga.due(now).isEmpty());
    ended(
        StepEnd.FAILED,
        "fe2 did not answer for 60 s; where it runs is not known: fe1 did not answer for 60 s");
  }

  @Test
  void aTargetThatSaysNoIsAskedAgainBeforeTheVmIsGivenUp() {
    asks(FE2, MigrationPhase.PREPARE);
    says(FE2, MigrationPhase.PREPARE, MigrationState.DONE, "");
    asks(FE1, MigrationPhase.MOVE);
    says(FE1, MigrationPhase.MOVE, MigrationState.DONE, "");
    asks(FE2, MigrationPhase.COMPLETE);
    says(FE2, MigrationPhase.COMPLETE, MigrationState.FAILED, "too slow");
    asks(FE1, MigrationPhase.CANCEL);
    says(FE1, MigrationPhase.CANCEL, MigrationState.CANCELLED, "");
    asks(FE2, MigrationPhase.COMPLETE);
    says(FE2, MigrationPhase.COMPLETE, MigrationState.FAILED, "too slow");
    assertTrue(saga.outcome().isEmpty(), "that may have been said before");
    pass(AGAIN);
    asks(FE2, MigrationPhase.COMPLETE);
    says(FE2, MigrationPhase.COMPLETE, MigrationState.DONE, "");
    ended(StepEnd.DONE, "after all, though too slow");
  }

  @Test
  void aVmThatRunsNowhereIsNotLookedForForEver() {
    saga.cancel("alice", now);
    says(FE1, MigrationPhase.CANCEL, MigrationState.CANCELLED, "");
    asks(FE2, MigrationPhase.COMPLETE);
    says(FE2, MigrationPhase.COMPLETE, MigrationState.FAILED, "not here");
    pass(PATIENCE);
    assertTrue(saga.due(now).isEmpty());
    ended(StepEnd.FAILED, "cancelled by alice; it does not run at fe1, and at fe2: not here");
    assertFalse(saga.outcome().orElseThrow().isPlaceKnown());
  }

  @Test
  void copyingMayTakeLong() {
    asks(FE2, MigrationPhase.PREPARE);
    says(FE2, MigrationPhase.PREPARE, MigrationState.DONE, "");
    for (int i = 0; i < 10; i++) {
      pass(PATIENCE.minusSeconds(1));
      asks(FE1, MigrationPhase.MOVE);
      copied(i);
    }
    saga.cancel("alice", now);
    asks(FE1, MigrationPhase.CANCEL);
    says(FE1, MigrationPhase.CANCEL, MigrationState.DONE, "");
    asks(FE2, MigrationPhase.CANCEL);
    says(FE2, MigrationPhase.CANCEL, MigrationState.CANCELLED, "");
    ended(StepEnd.FAILED, "cancelled by alice; it runs on at fe1");
  }

  /** An element repeats its latest word whenever it is asked again. */
  @Test
  void aCopyThatStandsStillIsGivenUp() {
    asks(FE2, MigrationPhase.PREPARE);
    says(FE2, MigrationPhase.PREPARE, MigrationState.DONE, "");
    asks(FE1, MigrationPhase.MOVE);
    copied(7);
    for (Duration time = AGAIN; time.compareTo(PATIENCE) < 0; time = time.plus(AGAIN)) {
      pass(AGAIN);
      asks(FE1, MigrationPhase.MOVE);
      copied(7);
    }
    pass(AGAIN);
    asks(FE1, MigrationPhase.CANCEL);
    says(FE1, MigrationPhase.CANCEL, MigrationState.DONE, "");
    asks(FE2, MigrationPhase.CANCEL);
    says(FE2, MigrationPhase.CANCEL, MigrationState.CANCELLED, "");
    ended(StepEnd.FAILED, "fe1 made no progress for 60 s; it runs on at fe1");
  }

  private void copied(long bytes) {
    saga.reported(
        FE1,
        new MigrationReport(
            MIGRATION.operation(), MigrationPhase.MOVE, MigrationState.COPYING, bytes, 10, ""),
        now);
  }

  /**
   * Two elements whose VM is at one of them; orders and answers are lost, elements refuse, are
   * started again and forget, somebody cancels, controllers take over. Whatever is said at the end
   * of where the VM runs is true, it runs somewhere, and it was moved once at most.
   */
  @Property(tries = 2000)
  void theVmIsNeverNowhere(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Twins twins = new Twins(random);
    MigrationSaga last = new MigrationSaga(MIGRATION, AGAIN, PATIENCE, now);
    while (last.outcome().isEmpty()) {
      for (Order order : last.due(now)) {
        if (random.nextInt(4) > 0) {
          MigrationReport report = twins.answer(order);
          if (random.nextInt(4) > 0) {
            last.reported(order.fe(), report, now);
          }
        }
      }
      int chance = random.nextInt(40);
      if (chance == 0) {
        last = new MigrationSaga(MIGRATION, AGAIN, PATIENCE, now);
      } else if (chance == 1) {
        last.cancel("somebody", now);
      } else if (chance == 2) {
        twins.forget();
      } else if (chance < 10) {
        twins.goOn();
      }
      pass(Duration.ofSeconds(1));
    }
    Outcome outcome = last.outcome().get();
    String text = "seed " + seed + ": " + outcome;
    assertTrue(twins.moves <= 1, text);
    assertTrue(twins.isAtSource ^ twins.isAtTarget, text);
    if (outcome.end() == StepEnd.DONE) {
      assertTrue(twins.isAtTarget, text);
    }
    if (outcome.detail().contains("runs on at fe1")) {
      assertTrue(twins.isAtSource, text);
    }
    if (outcome.detail().contains("does not run at fe1")) {
      assertFalse(twins.isAtSource, text);
    }
    if (outcome.isPlaceKnown()) {
      assertFalse(twins.isMoving, text);
      assertEquals(outcome.end() == StepEnd.DONE, twins.isAtTarget, text);
    }
  }

  /** Both elements, with their memory of what was asked. */
  private static final class Twins {
    private final SplittableRandom random;
    private final Map<MigrationPhase, MigrationReport> source = new HashMap<>();
    private final Map<MigrationPhase, MigrationReport> target = new HashMap<>();
    private boolean isAtSource = true;
    private boolean isAtTarget;
    private boolean isReady;
    private boolean isMoving;
    private int moves;

    Twins(SplittableRandom random) {
      this.random = random;
    }

    void forget() {
      boolean isOfSource = random.nextBoolean();
      (isOfSource ? source : target).clear();
      if (isOfSource) {
        stopMoving(random.nextBoolean());
      }
    }

    /** A move takes its time, and nobody hears at once how it ended. */
    void goOn() {
      if (isMoving) {
        stopMoving(true);
        MigrationState state = isAtTarget ? MigrationState.DONE : MigrationState.FAILED;
        source.put(MigrationPhase.MOVE, said(MigrationPhase.MOVE, state));
      }
    }

    private void stopMoving(boolean arrives) {
      if (isMoving && arrives && isReady) {
        moves++;
        isAtSource = false;
        isAtTarget = true;
      }
      isMoving = false;
    }

    private static MigrationReport said(MigrationPhase phase, MigrationState state) {
      return new MigrationReport(MIGRATION.operation(), phase, state, 0, 0, "so it is");
    }

    MigrationReport answer(Order order) {
      boolean isSource = order.fe().equals(FE1);
      MigrationPhase phase = order.command().phase();
      var memory = isSource ? source : target;
      MigrationReport before = memory.get(phase);
      boolean isSaidAnew =
          before != null
              && phase == MigrationPhase.COMPLETE
              && before.state() == MigrationState.FAILED;
      if (before != null && !isSaidAnew) {
        return before;
      }
      if (isSource && phase == MigrationPhase.CANCEL && isMoving && random.nextBoolean()) {
        // It may be too late: until the move has ended there is no answer.
        stopMoving(random.nextBoolean());
        return said(phase, MigrationState.ACCEPTED);
      }
      if (isSource && phase == MigrationPhase.CANCEL && isMoving) {
        return said(phase, MigrationState.ACCEPTED);
      }
      MigrationState state =
          memory.containsKey(MigrationPhase.CANCEL) && phase != MigrationPhase.COMPLETE
              ? MigrationState.CANCELLED
              : random.nextInt(10) == 0 ? MigrationState.FAILED : perform(isSource, phase);
      MigrationReport report = said(phase, state);
      memory.put(phase, report);
      return report;
    }

    private MigrationState perform(boolean isSource, MigrationPhase phase) {
      return switch (phase) {
        case PREPARE -> {
          isReady = true;
          yield MigrationState.DONE;
        }
        case MOVE -> {
          if (!isAtSource || !isReady) {
            yield MigrationState.FAILED;
          }
          isMoving = true;
          yield MigrationState.ACCEPTED;
        }
        case COMPLETE -> isAtTarget ? MigrationState.DONE : MigrationState.FAILED;
        case CANCEL -> {
          isReady &= isSource;
          yield (isSource ? isAtSource : isAtTarget)
              ? MigrationState.DONE
              : MigrationState.CANCELLED;
        }
      };
    }
  }
}
