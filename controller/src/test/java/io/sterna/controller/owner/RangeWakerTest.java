package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RangeWakerTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
              .withFallback(ConfigFactory.load()));

  private final ManualTime time = ManualTime.get(KIT.system());
  private final TestProbe<String> woken = KIT.createTestProbe();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void wakesAtOnceAndSoonAgainWhenAMemberIsGone() {
    ActorRef<Object> waker =
        KIT.spawn(
            Behaviors.withTimers(
                timers -> RangeWaker.waking(timers, () -> woken.getRef().tell("woken"))));
    time.timePasses(Duration.ofMillis(10));
    woken.expectNoMessage();
    waker.tell(RangeWaker.Reason.MEMBER_GONE);
    // Each of these comes long before the regular half second.
    for (int i = 0; i < 4; i++) {
      assertEquals("woken", woken.receiveMessage());
      time.timePasses(Duration.ofMillis(100));
    }
  }
}
