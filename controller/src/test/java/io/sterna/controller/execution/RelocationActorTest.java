package io.sterna.controller.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.receptionist.Receptionist;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import io.sterna.controller.execution.RelocationCommand.ApprovePlan;
import io.sterna.controller.execution.RelocationCommand.ListPlans;
import io.sterna.controller.execution.RelocationCommand.MigrationReported;
import io.sterna.controller.execution.RelocationCommand.PlanChanged;
import io.sterna.controller.execution.RelocationCommand.PlanListing;
import io.sterna.controller.execution.RelocationCommand.PlanPage;
import io.sterna.controller.execution.RelocationCommand.PlanSummary;
import io.sterna.controller.execution.RelocationCommand.ProposePlan;
import io.sterna.controller.execution.RelocationCommand.ShowPlan;
import io.sterna.controller.execution.RelocationCommand.StopPlan;
import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.ScenariosOfTests;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.controller.relocation.online.RelocationSettings;
import io.sterna.controller.southbound.Sessions;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import io.sterna.store.plan.StepEnd;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The actor with a journal, and elements that a test plays. */
class RelocationActorTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          PersistenceTestKitPlugin.config()
              .withFallback(ConfigFactory.parseString("akka.actor.provider = local"))
              .withFallback(ConfigFactory.parseResources("controller-akka.conf"))
              .withFallback(ConfigFactory.load()));
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final PlanId FIRST = new PlanId(1);
  private static final int VMS = 2;

  /** By VM: two addresses each. */
  private static final Map<IpAddress, List<IpAddress>> SEVERAL =
      IntStream.range(0, VMS)
          .mapToObj(ScenariosOfTests::address)
          .collect(
              Collectors.toMap(
                  vm -> vm, vm -> List.of(vm, IpAddress.parse("2001:db8::" + vm.low() % 256))));

  private static final String ID_IN_JOURNAL = "relocation";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final TestProbe<Sessions.Command> sessions = KIT.createTestProbe();
  private final TestProbe<PlanChanged> changes = KIT.createTestProbe();
  private final TestProbe<String> told = KIT.createTestProbe();
  private final Map<IpAddress, FeId> bound = new ConcurrentHashMap<>();
  private volatile boolean isKnown = true;
  private volatile Set<FeId> silent = Set.of();
  private ActorRef<RelocationCommand> relocation;

  RelocationActorTest() {
    for (int i = 0; i < VMS; i++) {
      bound.put(ScenariosOfTests.address(i), FE1);
    }
    relocation = start();
  }

  @BeforeEach
  void emptyJournal() {
    KIT.stop(relocation);
    journal.clearAll();
    KIT.system().receptionist().tell(Receptionist.register(Sessions.KEY, sessions.getRef()));
    relocation = start();
  }

  @AfterEach
  void forgetSessions() {
    KIT.system().receptionist().tell(Receptionist.deregister(Sessions.KEY, sessions.getRef()));
    KIT.stop(relocation);
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ActorRef<RelocationCommand> start() {
    RelocationSettings planning =
        new RelocationSettings(
            Algorithm.STERNA,
            Objective.LINK_LOAD,
            1,
            Duration.ofHours(1),
            0,
            Duration.ofMinutes(5),
            0,
            Duration.ofHours(1),
            0.1,
            0.1,
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(12),
            100,
            Long.MAX_VALUE / 2,
            Duration.ofMinutes(30));
    ExecutionSettings settings =
        new ExecutionSettings(
            true,
            planning,
            Duration.ofHours(1),
            1024,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5));
    return KIT.spawn(
        RelocationActor.create(
            new RelocationActor.Parts(
                settings,
                () -> CompletableFuture.completedFuture(network()),
                (vm, from, to) -> told.getRef().tell(vm + " " + from + " " + to),
                InstantSource.system(),
                System::nanoTime)));
  }

  /** VMs at the first site, each talking to one that is pinned at the second. */
  private Optional<LiveNetwork> network() {
    Site one = ScenariosOfTests.site(1, 3 * VMS);
    Site other = ScenariosOfTests.site(2, 3 * VMS);
    Scenario.Builder builder =
        Scenario.builder(
            new Network(List.of(one, other), ScenariosOfTests.both(one, other, 1000, 10, 0)));
    for (int i = 0; i < VMS; i++) {
      IpAddress vm = ScenariosOfTests.address(i);
      Site at = FE1.equals(bound.get(vm)) ? one : other;
      builder.add(Vm.movable(vm, at.id(), 1024));
      builder.add(Vm.pinned(ScenariosOfTests.address(100 + i), other.id(), 1024));
      builder.flow(2 * i, 2 * i + 1, 10 + i);
    }
    LiveNetwork network =
        new LiveNetwork(
            ScenariosOfTests.built(builder),
            new HashMap<>(bound),
            Map.of(one.id(), List.of(FE1), other.id(), List.of(FE2)),
            silent,
            Map.of(),
            SEVERAL);
    return isKnown ? Optional.of(network) : Optional.empty();
  }

  private void propose() {
    relocation.tell(new ProposePlan("alice", changes.getRef()));
    PlanSummary plan = changes.receiveMessage(PATIENCE).plan().orElseThrow();
    assertEquals(1, plan.id());
    assertEquals("proposed", plan.state());
    assertEquals(VMS, plan.stepCount());
  }

  private void approve() {
    relocation.tell(new ApprovePlan(FIRST, "bob", changes.getRef()));
    assertEquals("bob", changes.receiveMessage(PATIENCE).plan().orElseThrow().approvedBy());
  }

  /** The next thing that an element is asked, however often other things were asked again. */
  private Sessions.TellElement asked(FeId fe, MigrationPhase phase, OperationId before) {
    while (true) {
      Sessions.TellElement order = (Sessions.TellElement) sessions.receiveMessage(PATIENCE);
      boolean isOld =
          order.command().migration().operation().equals(before) && phase == MigrationPhase.PREPARE;
      if (order.fe().equals(fe) && order.command().phase() == phase && !isOld) {
        return order;
      }
    }
  }

  private void says(Sessions.TellElement order, MigrationState state, String text) {
    relocation.tell(
        new MigrationReported(
            order.fe(),
            new MigrationReport(
                order.command().migration().operation(),
                order.command().phase(),
                state,
                0,
                0,
                text)));
  }

  private PlanSummary awaited(String state) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    TestProbe<PlanListing> listings = KIT.createTestProbe();
    while (true) {
      relocation.tell(new ListPlans(listings.getRef()));
      PlanSummary latest = listings.receiveMessage(PATIENCE).plans().get(0);
      if (latest.state().equals(state)) {
        return latest;
      }
      assertTrue(System.nanoTime() < deadline, "it stays " + latest);
    }
  }

  private OperationId move(OperationId before) {
    Sessions.TellElement prepare = asked(FE2, MigrationPhase.PREPARE, before);
    says(prepare, MigrationState.DONE, "tcp:1");
    Sessions.TellElement move = asked(FE1, MigrationPhase.MOVE, before);
    assertEquals("tcp:1", move.command().endpoint());
    says(move, MigrationState.DONE, "");
    bound.put(move.command().migration().vm(), FE2);
    says(asked(FE2, MigrationPhase.COMPLETE, before), MigrationState.DONE, "");
    return move.command().migration().operation();
  }

  @Test
  void anApprovedPlanIsExecutedAtItsElements() {
    propose();
    approve();
    OperationId first = move(new OperationId("none"));
    OperationId second = move(first);
    assertTrue(first.value().startsWith("p1-1-"), first.value());
    assertTrue(second.value().startsWith("p1-2-"), second.value());
    assertEquals(VMS, awaited("done").done());
    TestProbe<PlanPage> pages = KIT.createTestProbe();
    relocation.tell(new ShowPlan(FIRST, 0, pages.getRef()));
    PlanPage page = pages.receiveMessage(PATIENCE);
    assertEquals(VMS, page.steps().size());
    assertEquals("done", page.steps().get(1).state());
    assertEquals("dc1", page.steps().get(0).from());
  }

  @Test
  void aSuccessorAsksForTheSameStepAndGoesOn() {
    propose();
    approve();
    OperationId operation =
        asked(FE2, MigrationPhase.PREPARE, new OperationId("none"))
            .command()
            .migration()
            .operation();
    KIT.stop(relocation);
    relocation = start();
    assertEquals(operation, move(new OperationId("none")));
    move(operation);
    assertEquals(VMS, awaited("done").done());
  }

  @Test
  void aSuccessorPassesOverWhatAPausedKeeperWroteLate() {
    KIT.stop(relocation);
    journal.persistForRecovery(
        ID_IN_JOURNAL, List.of(new PlanEvent.StepEnded(FIRST, 1, 0, StepEnd.DONE, "late")));
    relocation = start();
    relocation.tell(new ProposePlan("alice", changes.getRef()));
    assertEquals(2, changes.receiveMessage(PATIENCE).plan().orElseThrow().id());
  }

  /** Also those of a successor, which has to look first which addresses the VM has. */
  @Test
  void rangesAreToldOfAllAddressesThatMove() {
    propose();
    told.expectNoMessage(Duration.ofMillis(100));
    approve();
    OperationId first = move(new OperationId("none"));
    asked(FE2, MigrationPhase.PREPARE, first);
    KIT.stop(relocation);
    Set<String> all =
        SEVERAL.values().stream()
            .flatMap(List::stream)
            .map(each -> each + " fe1 fe2")
            .collect(Collectors.toSet());
    assertEquals(all, Set.copyOf(told.receiveSeveralMessages(2 * VMS, PATIENCE)));
    relocation = start();
    Set<String> second =
        SEVERAL.values().stream().map(each -> each.get(1) + " fe1 fe2").collect(Collectors.toSet());
    told.fishForMessage(
        PATIENCE,
        each ->
            second.contains(each)
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  @Test
  void aStopCancelsTheStepThatIsUnderWay() {
    propose();
    approve();
    asked(FE2, MigrationPhase.PREPARE, new OperationId("none"));
    relocation.tell(new StopPlan(FIRST, "carol", changes.getRef()));
    assertEquals("stopping", changes.receiveMessage(PATIENCE).plan().orElseThrow().state());
    says(asked(FE1, MigrationPhase.CANCEL, new OperationId("none")), MigrationState.DONE, "");
    says(asked(FE2, MigrationPhase.CANCEL, new OperationId("none")), MigrationState.CANCELLED, "");
    assertEquals("by carol", awaited("stopped").reason());
  }

  @Test
  void aStepThatFailsEndsThePlan() {
    propose();
    approve();
    says(
        asked(FE2, MigrationPhase.PREPARE, new OperationId("none")),
        MigrationState.FAILED,
        "no room");
    says(asked(FE1, MigrationPhase.CANCEL, new OperationId("none")), MigrationState.DONE, "");
    says(asked(FE2, MigrationPhase.CANCEL, new OperationId("none")), MigrationState.CANCELLED, "");
    assertEquals("step 1 failed: no room; it runs on at fe1", awaited("failed").reason());
  }

  @Test
  void whatCannotBeIsRefusedWithAReason() {
    relocation.tell(new ApprovePlan(FIRST, "bob", changes.getRef()));
    PlanChanged unknown = changes.receiveMessage(PATIENCE);
    assertTrue(unknown.unknown());
    assertEquals("no plan 1", unknown.refusal());
    isKnown = false;
    relocation.tell(new ProposePlan("alice", changes.getRef()));
    assertEquals(
        "too little is known of the traffic yet", changes.receiveMessage(PATIENCE).refusal());
    isKnown = true;
    bound.replaceAll((vm, fe) -> FE2);
    relocation.tell(new ProposePlan("alice", changes.getRef()));
    assertEquals("no move pays", changes.receiveMessage(PATIENCE).refusal());
    silent = Set.of(new FeId("fe9"), new FeId("fe8"));
    relocation.tell(new ProposePlan("alice", changes.getRef()));
    assertEquals(
        "no move pays; no traffic is reported by [fe8, fe9]: their VMs, and who talks with them, stay",
        changes.receiveMessage(PATIENCE).refusal());
  }

  /** A write that fails leaves no plan that is not in the journal, and what comes next goes on. */
  @Test
  void afterAFailedWriteAPlanIsMadeAnewAndExecuted() {
    journal.failNextPersisted(ID_IN_JOURNAL);
    TestProbe<PlanChanged> unlucky = KIT.createTestProbe();
    relocation.tell(new ProposePlan("alice", unlucky.getRef()));
    unlucky.expectNoMessage(Duration.ofSeconds(1));
    propose();
    approve();
    move(move(new OperationId("none")));
    assertEquals(VMS, awaited("done").done());
  }
}
