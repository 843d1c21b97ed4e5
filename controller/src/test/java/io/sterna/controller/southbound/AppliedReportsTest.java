package io.sterna.controller.southbound;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.owner.RangeCommand.FesApplied;
import io.sterna.controller.owner.RangeCommand.Installed;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AppliedReportsTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final FeId FE = new FeId("fe1");

  private final TestProbe<RangeCommand> first = KIT.createTestProbe();
  private final TestProbe<RangeCommand> second = KIT.createTestProbe();
  private final TestProbe<SessionCommand> session = KIT.createTestProbe();
  private final AppliedReports reports = new AppliedReports();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void aFewAreToldAtOnceAndEachByItself() {
    for (int i = 1; i <= AppliedReports.AT_ONCE; i++) {
      reports.add(first.getRef(), at(i));
      assertEquals(List.of(at(i)), heard(first));
    }
  }

  @Test
  void manyAreToldTogetherInOrderAndEachRangeItsOwn() {
    List<Installed> ofFirst = new ArrayList<>();
    for (int i = 1; i <= AppliedReports.AT_ONCE + 3; i++) {
      reports.add(first.getRef(), at(i));
      ofFirst.add(at(i));
    }
    reports.add(second.getRef(), at(9));
    second.expectNoMessage(Duration.ofMillis(50));
    reports.tell();
    List<Installed> heard = new ArrayList<>();
    for (int i = 0; i <= AppliedReports.AT_ONCE; i++) {
      heard.addAll(heard(first));
    }
    assertEquals(ofFirst, heard);
    assertEquals(List.of(at(9)), heard(second));
  }

  @Test
  void nothingIsToldTwiceAndTheNextFewWaitForNothingAgain() {
    for (int i = 1; i <= AppliedReports.AT_ONCE; i++) {
      reports.add(first.getRef(), at(i));
    }
    reports.add(second.getRef(), at(1));
    reports.tell();
    reports.tell();
    assertEquals(List.of(at(1)), heard(second));
    second.expectNoMessage(Duration.ofMillis(50));
    reports.add(second.getRef(), at(2));
    assertEquals(List.of(at(2)), heard(second));
  }

  @Test
  void whatWaitsIsToldBeforeLong() {
    AppliedReports told = AppliedReports.start(KIT.system());
    List<Installed> all = new ArrayList<>();
    for (int i = 1; i <= 20 * AppliedReports.AT_ONCE; i++) {
      told.add(first.getRef(), at(i));
      all.add(at(i));
    }
    List<Installed> heard = new ArrayList<>();
    while (heard.size() < all.size()) {
      heard.addAll(heard(first));
    }
    assertEquals(all, heard);
  }

  private static List<Installed> heard(TestProbe<RangeCommand> range) {
    return range.expectMessageClass(FesApplied.class).reports();
  }

  private Installed at(long revision) {
    RangePosition position =
        new RangePosition(RangeId.parse("10.10.0.0/20"), 1, revision, ChainHash.GENESIS);
    return new Installed(FE, session.getRef(), position, revision);
  }
}
