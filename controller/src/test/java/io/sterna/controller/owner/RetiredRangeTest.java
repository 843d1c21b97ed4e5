package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.Status;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.javadsl.AskPattern;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.owner.RangeCommand.BindingPage;
import io.sterna.controller.owner.RangeCommand.BindingsChanged;
import io.sterna.controller.owner.RangeCommand.ChangeBindings;
import io.sterna.controller.owner.RangeCommand.ClearDamping;
import io.sterna.controller.owner.RangeCommand.DampingCleared;
import io.sterna.controller.owner.RangeCommand.DescribeRange;
import io.sterna.controller.owner.RangeCommand.FindBinding;
import io.sterna.controller.owner.RangeCommand.FoundBinding;
import io.sterna.controller.owner.RangeCommand.ListBindings;
import io.sterna.controller.owner.RangeCommand.RangeDescription;
import io.sterna.controller.policy.Policies;
import io.sterna.controller.range.Orders;
import io.sterna.controller.southbound.SessionCommand;
import io.sterna.controller.southbound.SessionCommand.ClaimsAnswered;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.SouthboundMessage.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RetiredRangeTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ManualTime.config()
              .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
              .withFallback(ConfigFactory.load()));

  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");

  private final ManualTime time = ManualTime.get(KIT.system());

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  /** A node that had stood still was seen to end 6.5 s after it went on. */
  @Test
  void isThereUntilItsNodeHasEndedIfItMust() {
    TestProbe<SessionCommand> fe = KIT.createTestProbe();
    ActorRef<RangeCommand> retired = KIT.spawn(retired());
    time.timePasses(Duration.ofSeconds(9));
    Claim claim =
        new Claim(
            1,
            IpAddress.parse("10.10.0.1"),
            MacAddress.parse("02:aa:00:00:00:11"),
            0,
            Evidence.GRATUITOUS_ARP);
    retired.tell(new RangeCommand.RegisterBinding(new FeId("fe1"), claim, fe.getRef()));
    fe.expectMessageClass(ClaimsAnswered.class);
    time.timePasses(Duration.ofSeconds(9));
    fe.expectTerminated(retired);
  }

  @Test
  void whoeverAsksHearsAtOnceThatItCannotSay() throws Exception {
    ActorRef<RangeCommand> retired = KIT.spawn(retired());
    BindingsChanged changed =
        this.<BindingsChanged>asked(retired, to -> new ChangeBindings(Orders.NONE, to));
    assertEquals(List.of(), changed.results());
    RangeDescription described = this.<RangeDescription>asked(retired, DescribeRange::new);
    assertEquals(RANGE, described.range());
    assertEquals(0, described.epoch());

    IpAddress address = IpAddress.parse("10.10.0.1");
    assertRefused(
        () -> this.<BindingPage>asked(retired, to -> new ListBindings(Optional.empty(), 1, to)));
    assertRefused(() -> this.<FoundBinding>asked(retired, to -> new FindBinding(address, to)));
    assertRefused(
        () ->
            this.<DampingCleared>asked(
                retired, to -> new ClearDamping(address, Policies.ORDER, to)));
  }

  /** Whoever asks may be on another node. */
  @Test
  void aRefusalSurvivesTheWayToAnotherNode() throws Exception {
    Serialization serialization = SerializationExtension.get(Adapter.toClassic(KIT.system()));
    Status.Failure said = new Status.Failure(new TimeoutException("range 1 has another owner"));
    var serializer = serialization.serializerFor(Status.Failure.class);
    String manifest = Serializers.manifestFor(serializer, said);
    Status.Failure heard =
        (Status.Failure)
            serialization
                .deserialize(serializer.toBinary(said), serializer.identifier(), manifest)
                .get();
    assertInstanceOf(TimeoutException.class, heard.cause());
  }

  private static Behavior<RangeCommand> retired() {
    return RetiredRange.after(RANGE, new ControllerId("c1"), Duration.ofSeconds(1));
  }

  private static void assertRefused(Executable question) {
    ExecutionException failure = assertThrows(ExecutionException.class, question);
    assertInstanceOf(TimeoutException.class, failure.getCause());
    String said = String.valueOf(failure.getMessage());
    assertTrue(said.endsWith("range " + RANGE + " has another owner than c1"), said);
  }

  /** Time stands still: what is not answered fails here, and otherwise. */
  private <T> T asked(ActorRef<RangeCommand> retired, Function<ActorRef<T>, RangeCommand> question)
      throws Exception {
    return AskPattern.<RangeCommand, T>ask(
            retired, question::apply, Duration.ofSeconds(3), KIT.scheduler())
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }
}
