package io.sterna.controller.audit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With the dispatchers that controllers have. */
final class RecordThreadsTest {
  private static final int READERS = 100;

  private final ActorTestKit kit = ActorTestKit.create("record-threads", config());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void readersThatWaitHoldUpNeitherHandshakesNorTheRecordsOwnWork() throws Exception {
    ActorSystem<Void> system = kit.system();
    CountDownLatch cassandraAnswers = new CountDownLatch(1);
    Executor reading = RecordThreads.reading(system);
    for (int i = 0; i < READERS; i++) {
      reading.execute(() -> await(cassandraAnswers));
    }
    try {
      Executor handshakes = system.dispatchers().lookup(DispatcherSelector.blocking());
      for (Executor other : new Executor[] {handshakes, RecordThreads.upkeep(system)}) {
        assertTrue(CompletableFuture.supplyAsync(() -> true, other).get(10, TimeUnit.SECONDS));
      }
    } finally {
      cassandraAnswers.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static Config config() {
    Config controllers =
        ConfigFactory.parseResources(RecordThreadsTest.class, "/controller-akka.conf");
    return ConfigFactory.parseString("akka.loglevel = OFF")
        .withFallback(controllers.withOnlyPath("akka.actor.record-dispatcher"))
        .withFallback(controllers.withOnlyPath("akka.actor.record-upkeep-dispatcher"))
        .withFallback(ConfigFactory.load());
  }
}
