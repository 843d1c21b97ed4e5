package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** At most one holds the charter, and it goes where it may go. */
@ExtendWith(SharedNode.Resolver.class)
class ClusterCharterIT {
  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void oneHoldsItUntilItGivesItUpOrItIsTakenByItsOwnOrLapses(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("charter");
    try (CqlSession session = SharedNode.session(settings)) {
      Schema.create(session, settings);
      ClusterCharter charter = get(ClusterCharter.open(session, settings.keyspace()));
      assertEquals(Optional.empty(), get(charter.hold("c1", Set.of())));
      assertEquals(Optional.empty(), get(charter.hold("c1", Set.of())));
      assertEquals(Optional.of("c1"), get(charter.hold("c2", Set.of())));
      assertEquals(Optional.empty(), get(charter.hold("c2", Set.of("c1", "c2"))));
      assertEquals(Optional.of("c2"), get(charter.hold("c1", Set.of())));
      assertFalse(get(charter.giveUp("c1")));
      assertTrue(get(charter.giveUp("c2")));
      assertEquals(Optional.empty(), get(charter.hold("c1", Set.of())));
      long heldNanos = System.nanoTime();
      while (get(charter.hold("c3", Set.of())).isPresent()) {
        long heldForNanos = System.nanoTime() - heldNanos;
        assertTrue(heldForNanos < 2 * ClusterCharter.TERM.toNanos(), "it does not lapse");
        TimeUnit.MILLISECONDS.sleep(100);
      }
      // Cassandra counts in whole seconds.
      long lapsedAfterNanos = System.nanoTime() - heldNanos;
      assertTrue(lapsedAfterNanos > ClusterCharter.TERM.minusSeconds(1).toNanos(), "too soon");
    }
  }

  @Test
  void ofManyAtOnceOneGetsIt(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("charter_race");
    try (CqlSession session = SharedNode.session(settings)) {
      Schema.create(session, settings);
      ClusterCharter charter = get(ClusterCharter.open(session, settings.keyspace()));
      List<CompletionStage<Optional<String>>> asked = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        asked.add(charter.hold("c" + i, Set.of()));
      }
      int holders = 0;
      for (CompletionStage<Optional<String>> each : asked) {
        holders += get(each).isEmpty() ? 1 : 0;
      }
      assertEquals(1, holders);
    }
  }
}
