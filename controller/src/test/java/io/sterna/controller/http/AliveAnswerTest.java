package io.sterna.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.NotUsed;
import akka.actor.ActorSystem;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AliveAnswerTest {
  private static final Duration SILENCE = Duration.ofMillis(20);

  @Test
  void blanksComeWhileThereIsNothingAndChangeNothing() throws Exception {
    ActorSystem system = ActorSystem.create("alive");
    try {
      Source<ByteString, NotUsed> slow =
          Source.from(List.of("{\"ranges\":[", "1", ",", "2", "]}"))
              .map(ByteString::fromString)
              .throttle(1, Duration.ofMillis(200))
              .initialDelay(Duration.ofMillis(200));
      List<String> pieces =
          AuditRoutes.alive(slow, SILENCE)
              .map(ByteString::utf8String)
              .runWith(Sink.seq(), system)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      assertEquals(" ", pieces.get(0));
      assertTrue(pieces.size() > 8, pieces.toString());
      String text = pieces.stream().collect(Collectors.joining());
      assertEquals("{\"ranges\":[1,2]}", new ObjectMapper().readTree(text).toString());
    } finally {
      system.terminate();
    }
  }
}
