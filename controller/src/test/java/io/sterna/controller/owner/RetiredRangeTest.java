package io.sterna.controller.owner;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SouthboundMessage.Claim;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class RetiredRangeTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
              .withFallback(ConfigFactory.load()));

  private final ManualTime time = ManualTime.get(KIT.system());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** A node that had stood still was seen to end 6.5 s after it went on. */
  @Test
  void isThereUntilItsNodeHasEndedIfItMust() {
    TestProbe<SessionCommand> fe = KIT.createTestProbe();
    ActorRef<RangeCommand> retired = KIT.spawn(RetiredRange.after(Duration.ofSeconds(1)));
    time.timePasses(Duration.ofSeconds(9));
    Claim claim =
        new Claim(
            1,
            IpAddress.parse("10.10.0.1"),
            MacAddress.parse("02:aa:00:00:00:11"),
            0,
            Evidence.GRATUITOUS_ARP);
    retired.tell(new RangeCommand.RegisterBinding(new FeId("fe1"), claim, fe.getRef()));
    fe.expectMessageClass(ClaimsAnswered.class);
    time.timePasses(Duration.ofSeconds(9));
    fe.expectTerminated(retired);
  }
}
