package io.sterna.controller.owner;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.AskPattern;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.owner.RangeCommand.BindingPage;
import io.sterna.controller.owner.RangeCommand.DescribeRange;
import io.sterna.controller.owner.RangeCommand.FindBinding;
import io.sterna.controller.owner.RangeCommand.FoundBinding;
import io.sterna.controller.owner.RangeCommand.ListBindings;
import io.sterna.controller.owner.RangeCommand.RangeDescription;
import io.sterna.controller.policy.Policies;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Where owners of ranges run in tests, and what is asked of them. */
final class OwnersOfTests {
  private static final int PAGE = 1_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private OwnersOfTests() {}

  /** As in a controller, but rows and snapshots are kept in memory. */
  static ActorTestKit kit() {
    return ActorTestKit.create(
        PersistenceTestKitPlugin.config()
            .withFallback(PersistenceTestKitSnapshotPlugin.config())
            .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
            .withFallback(ConfigFactory.parseResources("controller-akka.conf"))
            .withFallback(ConfigFactory.load()));
  }

  /** Of an owner whom nothing but its rows, its epochs and its clock tells apart from others. */
  static RangeServices services(
      int batchLimit,
      Duration term,
      Epochs epochs,
      TestProbe<Sessions.Command> sessions,
      LongSupplier nanoTime) {
    return new RangeServices(
        new ControllerId("c1"),
        new ControllerSettings.Ranges(1, batchLimit, 10_000, 50, 1 << 20, 1 << 18, term),
        epochs,
        EpochsOfTests.FROM_FIRST_ROW,
        new CommitTurns(1),
        sessions.getRef(),
        Policies.OPEN,
        new SiteTotals(),
        InstantSource.system(),
        nanoTime);
  }

  static RangeDescription describe(ActorTestKit kit, ActorRef<RangeCommand> range) {
    return asked(kit, range, DescribeRange::new);
  }

  static FoundBinding find(ActorTestKit kit, ActorRef<RangeCommand> range, IpAddress address) {
    return asked(kit, range, replyTo -> new FindBinding(address, replyTo));
  }

  /** Asks and does not wait. */
  static CompletableFuture<FoundBinding> ask(
      ActorTestKit kit, ActorRef<RangeCommand> range, IpAddress address) {
    return AskPattern.<RangeCommand, FoundBinding>ask(
            range, replyTo -> new FindBinding(address, replyTo), PATIENCE, kit.scheduler())
        .toCompletableFuture();
  }

  /** All of a range that is not large. */
  static BindingPage list(ActorTestKit kit, ActorRef<RangeCommand> range) {
    return asked(kit, range, replyTo -> new ListBindings(Optional.empty(), PAGE, replyTo));
  }

  private static <T> T asked(
      ActorTestKit kit,
      ActorRef<RangeCommand> range,
      Function<ActorRef<T>, RangeCommand> question) {
    var probe = kit.<T>createTestProbe();
    range.tell(question.apply(probe.getRef()));
    return probe.receiveMessage();
  }
}
