package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.owner.OwnerEvent.CommitTurn;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class CommitTurnsTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final Duration MOMENT = Duration.ofMillis(50);
  private static final long MS = 1_000_000;

  private final CommitTurns turns = new CommitTurns(2);
  private final TestProbe<RangeCommand> third = KIT.createTestProbe();
  private final TestProbe<RangeCommand> fourth = KIT.createTestProbe();
  private final CommitTurns.Turn one = newTurn(KIT.createTestProbe());
  private final CommitTurns.Turn two = newTurn(KIT.createTestProbe());
  private final CommitTurns.Turn three = newTurn(third);
  private final CommitTurns.Turn four = newTurn(fourth);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void whoeverComesFirstWritesFirst() {
    assertTrue(one.take(1));
    assertTrue(two.take(2));
    assertFalse(three.take(3));
    assertFalse(four.take(4));
    one.giveBack(5);
    third.expectMessage(CommitTurn.INSTANCE);
    fourth.expectNoMessage(MOMENT);
    assertFalse(one.take(6), "it is the third's turn, though it has not taken it yet");
    three.come(6);
    assertTrue(three.take(7));
    three.giveBack(8);
    fourth.expectMessage(CommitTurn.INSTANCE);
  }

  @Test
  void whoeverGivesUpWaitingIsPassedOver() {
    assertTrue(one.take(1));
    assertTrue(two.take(2));
    assertFalse(three.take(3));
    assertFalse(four.take(4));
    three.giveBack(5);
    one.giveBack(6);
    fourth.expectMessage(CommitTurn.INSTANCE);
    third.expectNoMessage(MOMENT);
  }

  @Test
  void nobodyWaitsForAWriteThatHangs() {
    assertTrue(one.take(0));
    assertTrue(two.take(30 * MS));
    assertFalse(three.take(31 * MS));
    assertFalse(three.take(49 * MS));
    assertFalse(four.take(52 * MS), "the turn of the first is over, but the third waits longer");
    third.expectMessage(CommitTurn.INSTANCE);
    one.giveBack(53 * MS);
    fourth.expectNoMessage(MOMENT);
    two.giveBack(54 * MS);
    fourth.expectMessage(CommitTurn.INSTANCE);
  }

  @Test
  void whoeverWaitsForAWriteThatHangsNeedNotAskAgain() {
    assertTrue(one.take(0));
    assertTrue(two.take(30 * MS));
    assertFalse(three.take(31 * MS));
    assertFalse(four.take(31 * MS));
    turns.look(50 * MS);
    third.expectNoMessage(MOMENT);
    turns.look(51 * MS);
    third.expectMessage(CommitTurn.INSTANCE);
    fourth.expectNoMessage(MOMENT);
    turns.look(81 * MS);
    fourth.expectMessage(CommitTurn.INSTANCE);
  }

  @Test
  void whoeverComesWhenItsTurnIsOverWritesAllTheSame() {
    assertTrue(one.take(0));
    assertTrue(two.take(0));
    assertFalse(three.take(1));
    one.giveBack(2);
    third.expectMessage(CommitTurn.INSTANCE);
    assertFalse(four.take(3));
    turns.look(60 * MS);
    fourth.expectMessage(CommitTurn.INSTANCE);
    three.come(61 * MS);
    assertTrue(three.take(61 * MS), "though its turn went to the fourth: all may come so late");
    four.come(62 * MS);
    assertTrue(four.take(62 * MS));
    three.giveBack(63 * MS);
    assertTrue(one.take(64 * MS), "two at once, however late they come");
    assertFalse(two.take(65 * MS));
    four.giveBack(66 * MS);
    assertFalse(three.take(67 * MS), "the second waits longer");
  }

  private CommitTurns.Turn newTurn(TestProbe<RangeCommand> range) {
    return turns.of(range.getRef());
  }
}
