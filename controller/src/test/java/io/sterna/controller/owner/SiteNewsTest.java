package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.ConfigFactory;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SiteId;
import java.time.Duration;
import java.util.List;
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
  private static final int MANY = 1200;
  private static final SiteId SITE = new SiteId("site1");

  private final SiteTotals first = new SiteTotals();
  private final SiteTotals second = new SiteTotals();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void nodesTellEachOther() {
    KIT.spawn(SiteNews.create(new ControllerId("c1"), first));
    KIT.spawn(SiteNews.create(new ControllerId("c2"), second));
    first.set(RANGE, 1, count(3));
    second.set(OTHER, 1, count(4));

    awaitElsewhere(3, second, OTHER);
    awaitElsewhere(4, first, RANGE);
    assertEquals(3, first.elsewhere(OTHER, SITE), "all but the range that asks");
    for (int i = 0; i < MANY; i++) {
      second.set(RangeId.parse("10.%d.%d.0/24".formatted(20 + i / 256, i % 256)), 1, count(1));
    }
    awaitElsewhere(4 + MANY, first, RANGE);
  }

  /** It leaves in order, and its successor owns its ranges in milliseconds. */
  @Test
  void aRangeThatMovesToAnotherNodeCountsOnce() {
    first.set(RANGE, 1, count(60));
    second.heard(RANGE, 1, count(60));
    assertEquals(60, second.elsewhere(OTHER, SITE));

    first.forget(RANGE, 1);
    assertEquals(60, first.elsewhere(OTHER, SITE), "its VMs are where they were");
    second.set(RANGE, 2, count(61));
    second.heard(RANGE, 1, count(60));
    first.heard(RANGE, 2, count(61));

    assertEquals(61, second.elsewhere(OTHER, SITE));
    assertEquals(61, first.elsewhere(OTHER, SITE));
    assertEquals(0, second.elsewhere(RANGE, SITE));
    assertEquals(List.of(), first.own());
    assertEquals(List.of(new SiteTotals.Own(RANGE, 2, count(61))), second.own());
  }

  @Test
  void aLaterEpochOfARangeIsNotForgottenWithAnEarlier() {
    first.set(RANGE, 2, count(3));
    first.forget(RANGE, 1);
    assertEquals(List.of(new SiteTotals.Own(RANGE, 2, count(3))), first.own());
    first.forget(RANGE, 2);
    assertEquals(List.of(), first.own());
  }

  private static Map<SiteId, Integer> count(int vms) {
    return Map.of(SITE, vms);
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
