package io.sterna.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.remote.DeadlineFailureDetector;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AkkaConfigurationTest {
  private final Config akka =
      ConfigFactory.parseResources(AkkaConfiguration.class, "/controller-akka.conf")
          .getConfig("akka");

  @Test
  void remotingWaitsForTheHandOverWhenTheProcessIsToldToEnd() {
    assertTrue(akka.getBoolean("coordinated-shutdown.run-by-jvm-shutdown-hook"));
    assertFalse(akka.getBoolean("coordinated-shutdown.exit-jvm"));
  }

  /** 'off' is zero, and zero is replaced by the split-brain resolver's stable-after. */
  @Test
  void nobodyWaitsForTheDeadBesidesTheTermOfItsRanges() {
    assertEquals(Duration.ofMillis(1), akka.getDuration("cluster.down-removal-margin"));
  }

  @Test
  void whoIsSilentIsUnreachableAtATimeThatOneCanName() {
    Config detector = akka.getConfig("cluster.failure-detector");
    assertEquals(
        DeadlineFailureDetector.class.getName(), detector.getString("implementation-class"));
    assertEquals(Duration.ofMillis(250), detector.getDuration("heartbeat-interval"));
  }
}
