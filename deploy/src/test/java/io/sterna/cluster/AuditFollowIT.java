package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.bench.LogReader;
import io.sterna.cli.Ran;
import io.sterna.lab.LabException;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.Progress;
import io.sterna.lab.Waiting;
import io.sterna.lab.process.ControllerApi;
import io.sterna.protocol.RangeId;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Readers follow the log under load; one stops reading. */
@ExtendWith(SharedStore.Resolver.class)
class AuditFollowIT {
  private static final int FES = 4;
  private static final int READERS = 3;
  private static final int RATE = 3_000;
  private static final int VMS = 20_000;
  private static final String FOLLOW =
      "audit.follow { readers-max = " + READERS + ", stall-limit = 2s }";
  private static final Duration BOUND = Duration.ofMinutes(1);

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  private final Waiting waiting = new Waiting(new Progress(LabOfTests.silence()));
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  @AfterEach
  void stop() throws Exception {
    while (!started.isEmpty()) {
      started.pop().close();
    }
  }

  @Test
  void whoReadsNothingIsCutAndGoesOnWithoutLoss(SharedStore store) throws Exception {
    LoadedController loaded = new LoadedController(folder, store, FES, FOLLOW);
    started.push(loaded);
    String api = loaded.api();
    LogReader active = started(LogReader.start(api, "from=1h"));
    LogReader stalling = started(LogReader.start(api, "from=1h"));
    LogReader third = started(LogReader.start(api, "what=moved"));
    await("three follow", () -> !third.cursor().isEmpty() && !stalling.cursor().isEmpty());
    await("the other one follows", () -> !active.cursor().isEmpty());
    assertEquals(429, status(api + "/api/v1/audit/log?follow=true"));
    assertEquals(400, status(api + "/api/v1/audit/log?follow=true&to=now"));
    assertEquals(400, status(api + "/api/v1/audit/log?follow=true&cursor=nonsense"));
    third.close();

    stalling.stall(false);
    JsonNode result = loaded.load(VMS, RATE, Duration.ofSeconds(12));
    assertTrue(result.path("holds").asBoolean(), result::toPrettyString);
    stalling.stall(true);
    await("it was told that it was cut", () -> !stalling.cuts().isEmpty());
    assertTrue(stalling.cuts().get(0).contains("\"reason\":\"stalled\""), stalling.cuts().get(0));

    Map<RangeId, ControllerApi.Ownership> ranges =
        new ControllerApi(loaded.ports()).ranges().orElseThrow();
    for (LogReader reader : List.of(active, stalling)) {
      await(
          "everything was read",
          () ->
              ranges.entrySet().stream()
                  .allMatch(each -> reader.revision(each.getKey()) >= each.getValue().revision()));
      assertEquals(0, reader.twice());
      assertEquals(0, reader.missed());
    }
    await("both have the same", () -> active.entries() == stalling.entries());
    assertEquals(1, active.connections());
    assertTrue(stalling.connections() >= 2, "" + stalling.connections());
    assertTrue(active.entries() > 10_000, "" + active.entries());

    Ran refused = Ran.sterna("audit", "log", "--follow", "--to", "now", "--api", api);
    assertEquals(2, refused.status(), refused.toString());
    assertTrue(refused.err().contains("no end"), refused.toString());
    long began = System.nanoTime();
    loaded.close();
    assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 20);
    await("it was told that the controller stops", () -> !active.cuts().isEmpty());
    assertTrue(active.cuts().get(0).contains("\"reason\":\"stopping\""), active.cuts().get(0));
  }

  private void await(String what, BooleanSupplier holds) throws LabException {
    waiting.until(() -> holds.getAsBoolean() ? "" : what, BOUND);
  }

  private LogReader started(LogReader reader) {
    started.push(reader);
    return reader;
  }

  private static int status(String uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(uri)).timeout(BOUND).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
