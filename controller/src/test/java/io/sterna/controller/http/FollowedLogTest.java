package io.sterna.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.Attributes;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.SinkQueueWithCancel;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.controller.audit.GrowingJournal;
import io.sterna.controller.audit.LogFollower;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.Recorded;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FollowedLogTest {
  private static final Duration STALL_LIMIT = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AuditFilter ALL =
      new AuditFilter(null, null, null, null, null, null, 0, Long.MAX_VALUE);

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ActorTestKit kit;

  private final AtomicLong nanos = new AtomicLong();
  private final GrowingJournal journal = new GrowingJournal(2, 2_000, 1);
  private final Answers answers = new Answers();
  private final FollowLine line = new FollowLine(answers, InstantSource.system());

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void whoTakesNothingIsCutAndToldWhereToGoOn() throws Exception {
    grow();
    Followers followers = Followers.of(kit.system(), 1);
    SinkQueueWithCancel<ByteString> reader = follow(followers, Optional.empty());
    List<JsonNode> got = new ArrayList<>(lines(reader));
    assertTrue(got.get(0).has("cursor"), got.toString());
    got.addAll(lines(reader));
    assertTrue(followers.isFull());
    // What he has asked for already may still come; then nothing is taken any more.
    await(
        () -> {
          nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
          return !followers.isFull();
        });
    JsonNode last = got.get(0);
    while (!last.path("cut").asBoolean()) {
      got.addAll(lines(reader));
      last = got.get(got.size() - 1);
    }
    assertEquals("stalled", last.path("reason").asText());
    assertEquals(got.get(got.size() - 2).path("cursor"), last.path("cursor"));
    assertTrue(pull(reader).isEmpty());

    long before = ids(got).size();
    long whole = journal.whole().values().stream().mapToLong(FollowedLogTest::entries).sum();
    assertTrue(before < whole, "nothing was left to go on with");
    SinkQueueWithCancel<ByteString> again =
        follow(followers, Optional.of(last.path("cursor").asText()));
    while (ids(got).size() < whole) {
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
      got.addAll(lines(again));
    }
    assertEquals(whole, ids(got).size());
    assertEquals(whole, ids(got).stream().distinct().count());
    again.cancel();
    await(() -> !followers.isFull());
  }

  @Test
  void thereIsRoomForSoManyAndNoMore() throws Exception {
    Followers followers = Followers.of(kit.system(), 1);
    SinkQueueWithCancel<ByteString> first = follow(followers, Optional.empty());
    assertTrue(lines(first).get(0).has("cursor"));
    List<JsonNode> told = lines(follow(followers, Optional.empty()));
    assertEquals("full", told.get(0).path("reason").asText());
    first.cancel();
  }

  @Test
  void idleReadersHearThatTheConnectionLives() throws Exception {
    Followers followers = Followers.of(kit.system(), 1);
    SinkQueueWithCancel<ByteString> reader = follow(followers, Optional.empty());
    JsonNode begin = lines(reader).get(0);
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(6));
    JsonNode sign = lines(reader).get(0);
    assertEquals(begin.path("cursor"), sign.path("cursor"));
    assertFalse(sign.has("id"));
    reader.cancel();
  }

  @Test
  void whatGoesWrongEndsItAndIsNotShown() throws Exception {
    SinkQueueWithCancel<ByteString> reader =
        run(
            new FollowedLog.Parts(
                () -> {
                  throw new IllegalStateException("as a fault of ours would");
                },
                ForkJoinPool.commonPool(),
                Followers.of(kit.system(), 1),
                STALL_LIMIT,
                line,
                nanos::get));
    JsonNode last = lines(reader).get(0);
    assertEquals("failed", last.path("reason").asText());
    assertEquals("internal error", last.path("message").asText());
    assertTrue(pull(reader).isEmpty());
  }

  private SinkQueueWithCancel<ByteString> follow(Followers followers, Optional<String> cursor) {
    return run(
        new FollowedLog.Parts(
            () ->
                new FollowedLines(
                    LogFollower.begin(journal, journal.ranges(), ALL, cursor, nanos.get()),
                    ALL,
                    answers,
                    line),
            ForkJoinPool.commonPool(),
            followers,
            STALL_LIMIT,
            line,
            nanos::get));
  }

  private static SinkQueueWithCancel<ByteString> run(FollowedLog.Parts parts) {
    Source<ByteString, ?> source = FollowedLog.source(parts);
    return source.runWith(
        Sink.<ByteString>queue().withAttributes(Attributes.inputBuffer(1, 1)), kit.system());
  }

  private void grow() {
    Random random = new Random(1);
    boolean more = true;
    while (more) {
      more = journal.grow(random, 500);
    }
  }

  private static List<JsonNode> lines(SinkQueueWithCancel<ByteString> reader) throws Exception {
    List<JsonNode> lines = new ArrayList<>();
    String block = pull(reader).orElseThrow().utf8String();
    for (String each : block.lines().toList()) {
      lines.add(JSON.readTree(each));
    }
    return lines;
  }

  private static Optional<ByteString> pull(SinkQueueWithCancel<ByteString> reader)
      throws Exception {
    return reader.pull().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier holds) throws Exception {
    for (int i = 0; !holds.getAsBoolean(); i++) {
      assertTrue(i < 200, "it never held");
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static List<String> ids(List<JsonNode> lines) {
    return lines.stream()
        .filter(each -> each.has("id"))
        .map(each -> each.path("id").asText())
        .toList();
  }

  private static long entries(List<Recorded> rows) {
    return rows.stream().mapToLong(row -> AuditEntry.of(row).size()).sum();
  }
}
