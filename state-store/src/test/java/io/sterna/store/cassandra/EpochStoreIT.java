package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.datastax.oss.driver.api.core.CqlSession;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedNode.Resolver.class)
class EpochStoreIT {
  private static final RangeId RANGE = RangeId.parse("10.10.16.0/20");
  private static final RangeId OTHER = RangeId.parse("fd0a:10::/116");

  @Test
  void racingAcquirersGetDifferentEpochsThatOnlyGrow(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("epochs");
    try (CqlSession one = SharedNode.session(settings);
        CqlSession two = SharedNode.session(settings)) {
      Schema.create(one, settings);
      EpochStore first = await(EpochStore.open(one, "epochs"));
      EpochStore second = await(EpochStore.open(two, "epochs"));

      List<CompletionStage<EpochStore.Taken>> racing = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        racing.add(first.acquire(RANGE, new ControllerId("c1"), () -> true));
        racing.add(second.acquire(RANGE, new ControllerId("c2"), () -> true));
      }
      TreeSet<Long> epochs = new TreeSet<>();
      int vacant = 0;
      for (CompletionStage<EpochStore.Taken> taken : racing) {
        assertTrue(epochs.add(await(taken).epoch()), "an epoch was given twice");
        vacant += await(taken).vacant() ? 1 : 0;
      }
      assertTrue(epochs.first() >= 1);
      assertEquals(1, vacant, "only the first had no predecessor");

      long last = await(first.acquire(RANGE, new ControllerId("c3"), () -> true)).epoch();
      assertTrue(last > epochs.last(), last + " after " + epochs);
      assertTrue(await(second.validate(RANGE, last)));
      assertFalse(await(second.validate(RANGE, epochs.last())));
      assertFalse(await(second.validate(OTHER, 1)));
      assertEquals(
          new EpochStore.Taken(1, true),
          await(first.acquire(OTHER, new ControllerId("c1"), () -> true)));
    }
  }

  @Test
  void whoFollowsAnOwnerThatReleasedItsEpochNeedNotWait(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("released");
    try (CqlSession session = SharedNode.session(settings)) {
      Schema.create(session, settings);
      EpochStore store = await(EpochStore.open(session, "released"));
      assertEquals(
          new EpochStore.Taken(1, true),
          await(store.acquire(RANGE, new ControllerId("c1"), () -> true)));
      assertTrue(await(store.release(RANGE, 1)));
      assertEquals(
          new EpochStore.Taken(2, true),
          await(store.acquire(RANGE, new ControllerId("c2"), () -> true)));
      assertFalse(await(store.release(RANGE, 1)), "it has a successor");
      assertEquals(
          new EpochStore.Taken(3, false),
          await(store.acquire(RANGE, new ControllerId("c3"), () -> true)));
    }
  }

  @Test
  void whoDoesNotWantItAnyMoreTakesNothingFromItsSuccessor(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("unwanted");
    try (CqlSession one = SharedNode.session(settings);
        CqlSession two = SharedNode.session(settings)) {
      Schema.create(one, settings);
      EpochStore first = await(EpochStore.open(one, "unwanted"));
      EpochStore second = await(EpochStore.open(two, "unwanted"));
      AtomicInteger asked = new AtomicInteger();
      // It stops, and its successor is first, between its question and its attempt.
      BooleanSupplier wanted =
          () -> {
            if (asked.getAndIncrement() > 0) {
              return false;
            }
            second
                .acquire(RANGE, new ControllerId("c2"), () -> true)
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
            return true;
          };
      CompletionStage<EpochStore.Taken> unwanted =
          first.acquire(RANGE, new ControllerId("c1"), wanted);
      ExecutionException failure = assertThrows(ExecutionException.class, () -> await(unwanted));
      assertInstanceOf(EpochUnavailableException.class, failure.getCause());
      assertEquals(2, asked.get());
      assertTrue(await(second.validate(RANGE, 1)), "it took the range from its successor");
    }
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
