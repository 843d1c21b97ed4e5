package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.typesafe.config.ConfigFactory;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SiteNewsTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final Duration BOUND = Duration.ofSeconds(15);
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final RangeId OTHER = RangeId.parse("10.10.16.0/20");
  private static final SiteId SITE = new SiteId("site1");

  private final SiteTotals first = new SiteTotals();
  private final SiteTotals second = new SiteTotals();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void nodesTellEachOtherAndForgetWhoIsSilent() {
    ActorRef<SiteNews.Command> told = KIT.spawn(SiteNews.create(new ControllerId("c1"), first));
    KIT.spawn(SiteNews.create(new ControllerId("c2"), second));
    first.set(RANGE, 1, Map.of(SITE, 3));
    second.set(OTHER, 1, Map.of(SITE, 4));

    awaitElsewhere(3, second, OTHER);
    awaitElsewhere(4, first, RANGE);
    assertEquals(7, first.elsewhere(OTHER, SITE), "all but the range that asks");

    KIT.stop(told);
    awaitElsewhere(0, second, OTHER);
  }

  @Test
  void aLaterEpochOfARangeIsNotForgottenWithAnEarlier() {
    first.set(RANGE, 2, Map.of(SITE, 3));
    first.forget(RANGE, 1);
    assertEquals(Map.of(SITE, 3), first.own());
    first.forget(RANGE, 2);
    assertEquals(Map.of(), first.own());
  }

  private static void awaitElsewhere(int expected, SiteTotals totals, RangeId range) {
    TestProbe<Void> probe = KIT.createTestProbe();
    probe.awaitAssert(
        BOUND,
        () -> {
          assertEquals(expected, totals.elsewhere(range, SITE));
          return true;
        });
  }
}
