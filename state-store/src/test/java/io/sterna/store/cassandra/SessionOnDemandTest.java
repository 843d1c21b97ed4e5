package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionOnDemandTest {
  private final List<CompletableFuture<CqlSession>> begun = new ArrayList<>();

  private SessionOnDemand session(Duration patience) {
    return new SessionOnDemand(
        () -> {
          begun.add(new CompletableFuture<>());
          return begun.get(begun.size() - 1);
        },
        patience);
  }

  @Test
  void whoAsksWhileCassandraIsAwayHearsSoAndTheDriverGoesOn() {
    try (SessionOnDemand session = session(Duration.ofMillis(20))) {
      assertThrows(JournalReader.UnavailableException.class, session::get);
      assertThrows(JournalReader.UnavailableException.class, session::get);
      assertEquals(1, begun.size());
    }
  }

  @Test
  void whatFailedIsTriedAnew() {
    try (SessionOnDemand session = session(Duration.ofMillis(20))) {
      assertThrows(JournalReader.UnavailableException.class, session::get);
      begun.get(0).completeExceptionally(new IllegalStateException("no such data center"));
      assertThrows(JournalReader.UnavailableException.class, session::get);
      assertEquals(2, begun.size());
    }
  }

  @Test
  void closingWaitsForNobodyAndLetsNobodyWait() throws InterruptedException {
    SessionOnDemand session = session(Duration.ofMinutes(10));
    List<RuntimeException> heard = new ArrayList<>();
    Thread waiting =
        new Thread(
            () -> heard.add(assertThrows(JournalReader.UnavailableException.class, session::get)));
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    session.close();
    waiting.join();
    assertEquals(1, heard.size());
    assertTrue(begun.get(0).isCancelled());
    assertThrows(JournalReader.UnavailableException.class, session::get);
    assertEquals(1, begun.size());
  }
}
