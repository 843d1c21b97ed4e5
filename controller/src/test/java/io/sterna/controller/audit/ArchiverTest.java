package io.sterna.controller.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.sterna.controller.audit.Archiver.Begin;
import io.sterna.controller.audit.Archiver.Begun;
import io.sterna.controller.audit.Archiver.Command;
import io.sterna.controller.audit.Archiver.Phase;
import io.sterna.controller.audit.Archiver.Status;
import io.sterna.protocol.ControllerId;
import io.sterna.store.event.Order;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Without Cassandra: no run gets far. */
class ArchiverTest {
  private static final Optional<Order> ANN = Optional.of(new Order("ann", "192.0.2.7", "", 0));
  private static final Optional<Order> BOB = Optional.of(new Order("bob", "192.0.2.8", "", 0));

  private final ActorTestKit kit = ActorTestKit.create("archiver", RecordThreadsTest.config());

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  private ActorRef<Command> archiver() {
    return kit.spawn(
        Archiver.create(
            new Archiver.Parts(
                new ControllerId("c1"),
                new ArchiveSettings(
                    Path.of("archive"), Optional.empty(), Duration.ofDays(1), Duration.ZERO),
                List.of(),
                way -> {
                  throw new IllegalStateException("there is no store");
                },
                () -> {
                  throw new IllegalStateException("there is no store");
                },
                () -> CompletableFuture.failedFuture(new IllegalStateException("no charter")),
                InstantSource.system())));
  }

  @Test
  void theStatusNamesWhoAskedAndStaysThatOfTheLastRun() {
    ActorRef<Command> archiver = archiver();
    TestProbe<Begun> begun = kit.createTestProbe();
    archiver.tell(new Begin(Optional.empty(), true, ANN, begun.getRef()));
    assertEquals("", begun.receiveMessage().refusal());
    TestProbe<Status> read = kit.createTestProbe();
    Status run =
        read.awaitAssert(
            () -> {
              archiver.tell(new Archiver.Read(read.getRef()));
              Status status = read.receiveMessage();
              assertEquals(Phase.FAILED, status.phase());
              return status;
            });
    assertEquals("there is no store", run.failure());
    assertEquals(ANN, run.by());
    archiver.tell(new Begin(Optional.empty(), false, BOB, begun.getRef()));
    archiver.tell(new Archiver.Read(read.getRef()));
    assertEquals(run, read.receiveMessage());
    assertEquals("no charter", begun.receiveMessage().refusal().replaceAll(".*: ", ""));
    archiver.tell(new Archiver.Read(read.getRef()));
    assertEquals(run, read.receiveMessage());
    archiver.tell(new Begin(Optional.empty(), true, BOB, begun.getRef()));
    assertEquals("", begun.receiveMessage().refusal(), "what was refused is over");
  }
}
