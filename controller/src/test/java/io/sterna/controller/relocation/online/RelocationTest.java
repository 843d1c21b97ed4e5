package io.sterna.controller.relocation.online;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.controller.relocation.ScenariosOfTests;
import io.sterna.controller.relocation.model.Endpoint;
import io.sterna.controller.relocation.model.Endpoint.Vm;
import io.sterna.controller.relocation.model.Network;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Site;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import io.sterna.store.plan.PlanEvent;
import io.sterna.store.plan.PlanId;
import io.sterna.store.plan.StepEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a plan, event by event. */
class RelocationTest {
  private static final PlanId FIRST = new PlanId(1);
  private static final int PAIRS = 4;

  private final List<PlanEvent> written = new ArrayList<>();
  private Relocation relocation = new Relocation(SettingsOfTests.manual(100));
  private Instant now = Instant.parse("2024-03-20T00:00:00Z");

  /** Pairs that talk across the link, of which one pinned half is at each site. */
  private static Scenario apart(double mbps, int moved) {
    Site one = ScenariosOfTests.site(1, 3 * PAIRS);
    Site other = ScenariosOfTests.site(2, 3 * PAIRS);
    Scenario.Builder builder =
        Scenario.builder(
            new Network(List.of(one, other), ScenariosOfTests.both(one, other, 1000, 10, 0)));
    for (int i = 0; i < PAIRS; i++) {
      Site at = i < moved ? other : one;
      builder.add(Vm.movable(ScenariosOfTests.address(i), at.id(), 1024));
      builder.add(Vm.pinned(ScenariosOfTests.address(100 + i), other.id(), 1024));
      builder.flow(2 * i, 2 * i + 1, mbps * (1 + 0.1 * i));
    }
    return ScenariosOfTests.built(builder);
  }

  private void look(Scenario scenario) {
    Optional<Work> work = relocation.work(now, scenario);
    work.ifPresent(each -> write(relocation.conclude(now, scenario, at(scenario), each.run())));
  }

  private static Elements at(Scenario scenario) {
    return new Elements() {
      @Override
      public Optional<FeId> of(IpAddress vm) {
        return Optional.ofNullable(Work.numbers(scenario).get(vm))
            .flatMap(number -> at(scenario.endpoints().get(number).site()));
      }

      @Override
      public Optional<FeId> at(SiteId site) {
        return Optional.of(new FeId("fe-" + site));
      }

      @Override
      public boolean hasRoom(IpAddress vm, SiteId site) {
        return true;
      }
    };
  }

  private void write(List<PlanEvent> events) {
    written.addAll(events);
    events.forEach(relocation::apply);
  }

  private void accept(Answer answer) {
    write(assertInstanceOf(Answer.Accepted.class, answer).events());
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private RelocationPlan plan() {
    return relocation.find(FIRST).orElseThrow();
  }

  private void approved() {
    look(apart(10, 0));
    accept(relocation.approve(now, FIRST, "alice"));
  }

  @Test
  void aPlanIsShownApprovedAndExecutedStepByStep() {
    look(apart(10, 0));
    assertEquals(PlanState.PROPOSED, plan().state());
    assertEquals("schedule", plan().trigger());
    assertEquals(PAIRS, plan().steps().size());
    assertEquals(0, plan().costAfter(), 1e-9);
    assertEquals(
        "lowers the cost, 1 peer there, relieves dc1>dc2", plan().steps().get(0).move().reason());
    look(apart(10, 0));
    assertTrue(plan().running().isEmpty(), "nobody has approved it");
    accept(relocation.approve(now, FIRST, "alice"));
    for (int i = 0; i < PAIRS; i++) {
      Scenario scenario = after(i);
      look(scenario);
      assertEquals(i, plan().running().orElseThrow());
      assertEquals(PlanState.EXECUTING, plan().state());
      look(scenario);
      assertEquals(i, plan().running().orElseThrow(), "one step at a time");
      write(relocation.stepEnded(now, StepEnd.DONE, true, "moved"));
    }
    assertEquals(PlanState.DONE, plan().state());
    assertEquals("alice", plan().approvedBy());
    assertEquals(PAIRS, plan().done());
    assertTrue(relocation.open().isEmpty());
  }

  /** The scenario after the first steps of the plan. */
  private Scenario after(int steps) {
    return after(10, steps);
  }

  private Scenario after(double mbps, int steps) {
    Scenario scenario = apart(mbps, 0);
    List<Endpoint> endpoints = new ArrayList<>(scenario.endpoints());
    for (StepStatus each : plan().steps().subList(0, steps)) {
      int vm = Objects.requireNonNull(Work.numbers(scenario).get(each.move().vm()));
      endpoints.set(vm, Vm.movable(each.move().vm(), each.move().to(), 1024));
    }
    return scenario.withEndpoints(endpoints);
  }

  @Test
  void whatWasWrittenIsAllThatASuccessorNeeds() {
    approved();
    look(apart(10, 0));
    Relocation successor = new Relocation(SettingsOfTests.manual(100));
    written.forEach(successor::apply);
    assertEquals(relocation.all(), successor.all());
    relocation = successor;
    look(apart(10, 0));
    assertEquals(3, written.size(), "the step that is under way was begun again");
    write(relocation.stepEnded(now, StepEnd.DONE, true, ""));
    look(after(1));
    assertEquals(1, plan().running().orElseThrow());
  }

  /** A keeper that was paused wrote what it knew, after another had taken over. */
  @Test
  void whatCannotFollowIsPassedOver() {
    approved();
    look(apart(10, 0));
    RelocationPlan before = plan();
    FeId fe = new FeId("fe-dc2");
    for (PlanEvent late :
        List.of(
            written.get(0),
            written.get(1),
            written.get(2),
            new PlanEvent.StepStarted(FIRST, 1, 1, fe, fe, 1, 1),
            new PlanEvent.StepStarted(FIRST, 1, 99, fe, fe, 1, 1),
            new PlanEvent.StepEnded(FIRST, 1, 1, StepEnd.DONE, ""),
            new PlanEvent.StepEnded(FIRST, 1, 0, StepEnd.SKIPPED, ""),
            new PlanEvent.Approved(new PlanId(2), 1, "late"))) {
      assertFalse(relocation.apply(late), late.toString());
      assertEquals(before, plan());
    }
    write(relocation.stepEnded(now, StepEnd.DONE, true, ""));
    look(after(1));
    assertEquals(1, plan().running().orElseThrow());
  }

  @Test
  void aStepThatPaysNoMoreStopsThePlan() {
    approved();
    look(apart(10, 0));
    write(relocation.stepEnded(now, StepEnd.DONE, true, ""));
    look(after(0, 1));
    assertEquals(PlanState.STOPPED, plan().state());
    assertTrue(plan().reason().startsWith("the traffic changed: step 2"), plan().reason());
  }

  @Test
  void theNextStepWaitsUntilTheVmIsSeenWhereItIsNow() {
    approved();
    look(apart(10, 0));
    write(relocation.stepEnded(now, StepEnd.DONE, true, ""));
    look(apart(10, 0));
    assertTrue(plan().running().isEmpty());
    look(after(1));
    assertEquals(1, plan().running().orElseThrow());
  }

  @Test
  void nothingIsMovedAfterAVmThatIsNotSeenWhereItWasMovedTo() {
    approved();
    look(apart(10, 0));
    write(relocation.stepEnded(now, StepEnd.DONE, true, ""));
    pass(Duration.ofSeconds(59));
    look(apart(10, 0));
    assertFalse(plan().state().isOver());
    pass(Duration.ofSeconds(1));
    look(apart(10, 0));
    assertEquals(PlanState.FAILED, plan().state());
    IpAddress vm = plan().steps().get(0).move().vm();
    assertEquals(vm + " was moved to dc2, but is not seen there after 60 s", plan().reason());
    pass(Duration.ofMinutes(29));
    look(apart(10, 0));
    assertTrue(relocation.open().isEmpty());
  }

  @Test
  void aVmThatIsElsewhereOrGoneIsLeftOut() {
    approved();
    IpAddress first = plan().steps().get(0).move().vm();
    Scenario scenario = apart(10, 0);
    List<Endpoint> endpoints = new ArrayList<>(scenario.endpoints());
    int vm = Objects.requireNonNull(Work.numbers(scenario).get(first));
    endpoints.set(vm, Vm.movable(first, plan().steps().get(0).move().to(), 1024));
    look(scenario.withEndpoints(endpoints));
    assertEquals(StepStatus.State.SKIPPED, plan().steps().get(0).state());
    assertEquals("it is at dc2", plan().steps().get(0).detail());
    assertFalse(plan().state().isOver());
  }

  @Test
  void aFailedStepEndsThePlanAndNoOtherIsLookedForSoon() {
    approved();
    look(apart(10, 0));
    write(relocation.stepEnded(now, StepEnd.FAILED, true, "no room at fe2"));
    assertEquals(PlanState.FAILED, plan().state());
    assertEquals("step 1 failed: no room at fe2", plan().reason());
    pass(Duration.ofMinutes(29));
    look(apart(10, 0));
    assertTrue(relocation.open().isEmpty());
    pass(Duration.ofMinutes(1));
    look(apart(10, 0));
    assertEquals(3, relocation.open().orElseThrow().steps().size(), "who failed dwells");
  }

  @Test
  void aStopWaitsForTheStepThatIsUnderWay() {
    approved();
    look(apart(10, 0));
    accept(relocation.stop(now, FIRST, "bob"));
    assertEquals(PlanState.STOPPING, plan().state());
    write(relocation.stepEnded(now, StepEnd.FAILED, true, "cancelled"));
    assertEquals(PlanState.STOPPED, plan().state());
    assertEquals("by bob", plan().reason());
    assertInstanceOf(Answer.Refused.class, relocation.stop(now, FIRST, "bob"));
  }

  @Test
  void aStopOfAStepThatLostItsVmIsAFailure() {
    approved();
    look(apart(10, 0));
    accept(relocation.stop(now, FIRST, "bob"));
    write(relocation.stepEnded(now, StepEnd.FAILED, false, "it runs nowhere"));
    assertEquals(PlanState.FAILED, plan().state());
    assertEquals("step 1 failed: it runs nowhere", plan().reason());
    pass(Duration.ofMinutes(29));
    look(apart(10, 0));
    assertTrue(relocation.open().isEmpty());
  }

  @Test
  void whoAskedWhileAPlanWasMadeHasAskedForThatOne() {
    Scenario scenario = apart(10, 0);
    Work work = relocation.work(now, scenario).orElseThrow();
    accept(relocation.propose("alice"));
    write(relocation.conclude(now, scenario, at(scenario), work.run()));
    assertEquals("schedule", plan().trigger());
    assertFalse(relocation.isAsked());
    accept(relocation.reject(now, FIRST, "bob"));
    look(scenario);
    assertTrue(relocation.open().isEmpty(), "the schedule's time has not come");
  }

  @Test
  void aProposalIsRejectedExpiresOrLosesItsWorth() {
    look(apart(10, 0));
    accept(relocation.reject(now, FIRST, "bob"));
    assertEquals(PlanState.REJECTED, plan().state());
    assertEquals(
        "plan 1 is rejected",
        assertInstanceOf(Answer.Refused.class, relocation.approve(now, FIRST, "bob")).reason());

    pass(Duration.ofMinutes(15));
    look(apart(10, 0));
    pass(Duration.ofHours(1));
    look(apart(10, 0));
    assertEquals(PlanState.EXPIRED, relocation.all().get(0).state());

    pass(Duration.ofMinutes(15));
    look(apart(10, 0));
    look(apart(0, 4));
    assertEquals(PlanState.EXPIRED, relocation.all().get(0).state());
    assertTrue(relocation.all().get(0).reason().startsWith("the traffic changed"));
  }

  @Test
  void aProposalExpiresThoughNoTrafficIsSeen() {
    look(apart(10, 0));
    pass(Duration.ofMinutes(59));
    write(relocation.unseen(now, "nobody knows the traffic"));
    assertEquals(PlanState.PROPOSED, plan().state());
    assertEquals("nobody knows the traffic", relocation.waitsFor());
    look(apart(10, 0));
    assertEquals("", relocation.waitsFor());
    pass(Duration.ofMinutes(1));
    write(relocation.unseen(now, "nobody knows the traffic"));
    assertEquals(PlanState.EXPIRED, plan().state());
    assertEquals("nobody approved it within 60 min", plan().reason());
  }

  @Test
  void theBudgetOfAnHourIsKept() {
    relocation = new Relocation(SettingsOfTests.manual(2));
    look(apart(10, 0));
    assertEquals(2, plan().steps().size());
    accept(relocation.approve(now, FIRST, "alice"));
    for (int i = 0; i < 2; i++) {
      look(after(i));
      write(relocation.stepEnded(now, StepEnd.DONE, true, ""));
    }
    pass(Duration.ofMinutes(20));
    Scenario rest = after(2);
    look(rest);
    PlanId second = new PlanId(2);
    accept(relocation.approve(now, second, "alice"));
    look(rest);
    assertTrue(relocation.find(second).orElseThrow().running().isEmpty());
    assertEquals("the budget of an hour is spent", relocation.waitsFor());
    pass(Duration.ofMinutes(40));
    look(rest);
    assertTrue(relocation.find(second).orElseThrow().running().isPresent());
  }

  @Test
  void anOverloadedLinkDoesNotWaitForTheSchedule() {
    look(apart(0, 4));
    pass(Duration.ofMinutes(4));
    look(apart(300, 0));
    assertTrue(relocation.open().isEmpty(), "too soon after a search");
    pass(Duration.ofMinutes(1));
    look(apart(100, 0));
    assertTrue(relocation.open().isEmpty(), "no link is overloaded");
    look(apart(300, 0));
    assertEquals("link dc1>dc2 at 138 %", plan().trigger());
  }

  @Test
  void whoAsksGetsAPlanHoweverLittleItGains() {
    look(apart(10, 4));
    accept(relocation.propose("alice"));
    look(apart(0.001, 3));
    assertEquals("asked for by alice", plan().trigger());
    assertInstanceOf(Answer.Refused.class, relocation.propose("alice"));
  }

  @Test
  void aPlanMustProveItselfWithEveryTraffic() {
    relocation = new Relocation(SettingsOfTests.automatic(Objective.LINK_LOAD, 100));
    look(apart(10, 0));
    pass(Duration.ofMinutes(5));
    look(apart(10, 0));
    assertTrue(relocation.open().isEmpty());
    pass(Duration.ofMinutes(1));
    look(apart(0, 4));
    pass(Duration.ofMinutes(5));
    look(apart(10, 0));
    assertTrue(relocation.open().isEmpty(), "it did not pay in between");
    pass(Duration.ofMinutes(4));
    look(apart(10, 0));
    pass(Duration.ofMinutes(10));
    look(apart(10, 0));
    assertEquals(PlanState.APPROVED, plan().state());
    assertEquals("policy", plan().approvedBy());
  }
}
