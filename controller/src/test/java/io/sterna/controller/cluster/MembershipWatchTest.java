package io.sterna.controller.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import akka.actor.Address;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.cluster.ClusterEvent;
import akka.cluster.ClusterEvent.ClusterDomainEvent;
import akka.cluster.ClusterEvent.MemberRemoved;
import akka.cluster.ClusterEvent.MemberUp;
import akka.cluster.Member;
import akka.cluster.MemberStatus;
import akka.cluster.UniqueAddress;
import akka.util.Version;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.ControllerEndpoint;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

class MembershipWatchTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.load()));

  private final TestProbe<Sessions.Command> sessions = KIT.createTestProbe();
  private final ActorRef<ClusterDomainEvent> watch =
      KIT.spawn(MembershipWatch.watching(sessions.getRef()));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void elementsHearWhoComesAndWhoGoes() {
    allAreUp();
    watch.tell(removed(2));
    assertEquals(List.of("c1", "c3"), told());
  }

  @Test
  void aNodeThatIsThrownOutTellsNobodyThatTheOthersAreGone() {
    allAreUp();
    watch.tell(ClusterEvent.getClusterShuttingDownInstance());
    watch.tell(removed(1));
    watch.tell(removed(3));
    sessions.expectNoMessage();
  }

  private void allAreUp() {
    for (int i = 1; i <= 3; i++) {
      watch.tell(new MemberUp(up(i)));
      assertEquals(i, told().size());
    }
  }

  private List<String> told() {
    return sessions.expectMessageClass(Sessions.ControllersChanged.class).members().stream()
        .map(ControllerEndpoint::controller)
        .map(Object::toString)
        .toList();
  }

  private static Member up(int number) {
    UniqueAddress address =
        new UniqueAddress(new Address("akka", "sterna", "127.0.0." + number, 2551), (long) number);
    Set<String> roles = Set.of("id=c" + number, "southbound=127.0.0." + number + ":4780");
    return new Member(
        address,
        number,
        MemberStatus.up(),
        CollectionConverters.asScala(roles).toSet(),
        Version.Zero());
  }

  private static MemberRemoved removed(int number) {
    return new MemberRemoved(up(number).copy(MemberStatus.removed()), MemberStatus.up());
  }
}
