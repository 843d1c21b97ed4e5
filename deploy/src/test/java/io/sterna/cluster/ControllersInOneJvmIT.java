package io.sterna.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.lab.LabException;
import io.sterna.lab.LabOfTests;
import io.sterna.lab.Progress;
import io.sterna.lab.Waiting;
import io.sterna.lab.emulated.TablesOfTests;
import io.sterna.lab.process.ControllerApi.Attachment;
import io.sterna.lab.process.ControllerApi.Ownership;
import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three controllers and three agents, each an actor system of its own, in this process: the whole
 * way from a VM's announcement to the routes of all, where a debugger sees both ends. Each test has
 * a VM of its own and leaves three controllers behind, so their order does not matter.
 */
@ExtendWith(SharedStore.Resolver.class)
class ControllersInOneJvmIT {
  private static final Duration BOUND = Duration.ofMinutes(1);

  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static ClusterInOneJvm cluster;

  private final Waiting waiting = new Waiting(new Progress(LabOfTests.silence()));

  @BeforeAll
  static void start(SharedStore store) throws Exception {
    cluster = ClusterInOneJvm.ofOneSeed(folder, store);
    cluster.start();
  }

  @AfterAll
  static void stop() {
    cluster.stop();
  }

  @BeforeEach
  void awaitThreeEqualControllers() throws LabException {
    assertEquals(3, cluster.running().size(), "an earlier test has left too few controllers");
    awaitOneView();
    awaitSpread();
    awaitInSync();
  }

  @Test
  void everyRangeHasOneOwnerAndAllControllersAgree() throws LabException {
    Map<RangeId, Ownership> owners = awaitOneView();
    assertEquals(cluster.ranges(), owners.keySet());
    assertEquals(
        Set.of(new ControllerId("c1"), new ControllerId("c2"), new ControllerId("c3")),
        ownersOf(owners));
    owners.forEach((range, owner) -> assertTrue(owner.epoch() > 0, range + ": " + owner));
    for (ClusterNode node : cluster.running()) {
      waiting.until(
          () -> {
            Set<ClusterNode.Member> seen = node.members();
            long oldest = seen.stream().filter(ClusterNode.Member::oldest).count();
            return oldest == 1 ? "" : node.id() + " to see one oldest; it sees " + seen;
          },
          BOUND);
    }
  }

  @Test
  void announcementBecomesBindingEverywhereAndMoveReplacesIt() throws LabException {
    Vm vm = cluster.plan().vm("vm11");
    Site home = cluster.plan().site("site1");
    Site other = cluster.plan().site("site2");
    cluster.network().announce(vm);
    awaitBound(vm, home, 1);
    cluster.network().move(vm, other);
    awaitBound(vm, other, 2);
    // Who is where it is known to be changes nothing.
    cluster.network().announce(vm);
    cluster.network().move(vm, home);
    awaitBound(vm, home, 3);
  }

  @Test
  void leavingOwnerIsReplacedWithoutForgettingAndMayComeBack() throws Exception {
    Vm vm = cluster.plan().vm("vm12");
    Site home = cluster.plan().site("site1");
    Site other = cluster.plan().site("site3");
    IpAddress address = vm.address4();
    cluster.network().announce(vm);
    awaitBound(vm, home, 1);
    Ownership before = ownerOf(awaitOneView(), address);

    ClusterNode leaving = cluster.node(before.owner());
    leaving.close();

    Map<RangeId, Ownership> owners = awaitOneView();
    assertEquals(cluster.ranges(), owners.keySet());
    Ownership after = ownerOf(owners, address);
    assertNotEquals(before.owner(), after.owner());
    assertTrue(after.epoch() > before.epoch(), before + ", then " + after);
    assertEquals(before.revision(), after.revision(), "nothing was committed meanwhile");
    awaitBound(vm, home, 1);
    cluster.network().move(vm, other);
    awaitBound(vm, other, 2);

    leaving.start();
    awaitOneView();
    awaitSpread();
    awaitBound(vm, other, 2);
    awaitInSync();
  }

  /** It finds nobody by its seeds, and founds no second cluster either. */
  @Test
  void theOnlySeedComesBack() throws Exception {
    ClusterNode seed = cluster.node(new ControllerId("c1"));
    seed.close();
    awaitOneView();
    seed.start();
    awaitOneView();
    awaitSpread();
    awaitInSync();
  }

  /** Waits until all who run see each other, and the same owner of each range. */
  private Map<RangeId, Ownership> awaitOneView() throws LabException {
    awaitMembers();
    return awaitOwners();
  }

  private void awaitMembers() throws LabException {
    Set<String> expected = namesOfRunning();
    ClusterNode first = cluster.running().get(0);
    waiting.until(
        () -> {
          Set<ClusterNode.Member> seen = first.members();
          Set<String> up =
              seen.stream()
                  .filter(member -> member.status().equals("up") && member.reachable())
                  .map(ClusterNode.Member::id)
                  .collect(Collectors.toSet());
          if (!up.equals(expected) || seen.size() != up.size()) {
            return first.id() + " to see " + expected + "; it sees " + seen;
          }
          for (ClusterNode node : cluster.running()) {
            Set<ClusterNode.Member> others = node.members();
            if (!others.equals(seen)) {
              return node.id() + " to see " + seen + "; it sees " + others;
            }
          }
          return "";
        },
        BOUND);
  }

  private Map<RangeId, Ownership> awaitOwners() throws LabException {
    Set<String> expected = namesOfRunning();
    ClusterNode first = cluster.running().get(0);
    AtomicReference<Map<RangeId, Ownership>> agreed = new AtomicReference<>(Map.of());
    waiting.until(
        () -> {
          Map<RangeId, Ownership> owners = first.ranges();
          agreed.set(owners);
          if (!owners.keySet().equals(cluster.ranges())) {
            return "an answer for every range; there are " + owners.keySet();
          }
          for (Map.Entry<RangeId, Ownership> each : owners.entrySet()) {
            if (each.getValue().epoch() == 0
                || !expected.contains(each.getValue().owner().value())) {
              return "an owner of " + each.getKey() + " that runs; it is " + each.getValue();
            }
          }
          for (ClusterNode node : cluster.running()) {
            Map<RangeId, Ownership> others = node.ranges();
            if (!others.equals(owners)) {
              return node.id() + " to know the owners " + owners + "; it says " + others;
            }
          }
          return "";
        },
        BOUND);
    return Objects.requireNonNull(agreed.get());
  }

  /** Waits until each who runs owns something: until then, ranges are still moving. */
  private void awaitSpread() throws LabException {
    int all = cluster.running().size();
    waiting.until(
        () -> {
          Map<RangeId, Ownership> owners = cluster.running().get(0).ranges();
          return ownersOf(owners).size() == all ? "" : all + " owners of " + owners;
        },
        BOUND);
    awaitOneView();
  }

  private void awaitInSync() throws LabException {
    Set<FeId> expected = cluster.plan().sites().stream().map(Site::fe).collect(Collectors.toSet());
    for (ClusterNode node : cluster.running()) {
      waiting.until(
          () -> {
            Set<FeId> inSync = node.inSync();
            return inSync.equals(expected)
                ? ""
                : node.id() + " to see " + expected + " in sync; it sees " + inSync;
          },
          BOUND);
    }
  }

  /** Waits until every controller binds both addresses there, and every table leads there. */
  private void awaitBound(Vm vm, Site there, long version) throws LabException {
    for (IpAddress address : vm.addresses()) {
      Attachment expected = new Attachment(there.fe(), version);
      for (ClusterNode node : cluster.running()) {
        waiting.until(
            () -> {
              Attachment bound = node.bindings().get(address);
              return expected.equals(bound)
                  ? ""
                  : address + " as " + expected + " at " + node.id() + "; it is " + bound;
            },
            BOUND);
      }
      for (Site site : cluster.plan().sites()) {
        NextHop route =
            site.equals(there)
                ? new NextHop.Local(vm.mac())
                : new NextHop.Tunnel(there.underlay4());
        waiting.until(
            () -> {
              Optional<NextHop> stands = TablesOfTests.nextHop(cluster.network(), site, address);
              return stands.equals(Optional.of(route))
                  ? ""
                  : "a route of " + site.fe() + " to " + address + " by " + route + "; " + stands;
            },
            BOUND);
      }
    }
  }

  private static Set<String> namesOfRunning() {
    return cluster.running().stream().map(node -> node.id().value()).collect(Collectors.toSet());
  }

  private static Ownership ownerOf(Map<RangeId, Ownership> owners, IpAddress address) {
    return owners.entrySet().stream()
        .filter(each -> each.getKey().prefix().contains(address))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static Set<ControllerId> ownersOf(Map<RangeId, Ownership> owners) {
    return owners.values().stream().map(Ownership::owner).collect(Collectors.toSet());
  }
}
