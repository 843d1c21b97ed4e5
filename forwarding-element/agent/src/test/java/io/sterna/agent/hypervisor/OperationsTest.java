package io.sterna.agent.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.MigrationState;
import io.sterna.protocol.OperationId;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is asked twice is done once. */
class OperationsTest {
  private static final FeId FE1 = new FeId("fe1");
  private static final FeId FE2 = new FeId("fe2");
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");

  private final List<String> called = new ArrayList<>();
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final List<MigrationReport> reports = new ArrayList<>();
  private boolean fails;
  private boolean runs;
  private boolean surprises;
  private String reason = "no room";
  private String endpoint = "here";
  private Runnable whileMoving = () -> {};
  private final Operations operations =
      new Operations(FE1, new Recording(), waiting::add, reports::add);

  private final class Recording implements Hypervisor {
    private void call(String what) throws HypervisorException {
      called.add(what);
      if (fails) {
        throw new HypervisorException(reason);
      }
      if (surprises) {
        throw new IllegalStateException("surprise");
      }
    }

    @Override
    public Inventory report() {
      return new Inventory(List.of(), 0, 0);
    }

    @Override
    public void start(IpAddress vm) throws HypervisorException {
      call("start");
    }

    @Override
    public void stop(IpAddress vm) throws HypervisorException {
      call("stop");
    }

    @Override
    public String prepare(Migration migration) throws HypervisorException {
      call("prepare");
      return endpoint;
    }

    @Override
    public void move(Migration migration, String endpoint, Progress progress)
        throws HypervisorException {
      progress.copying(1, 2);
      progress.paused();
      whileMoving.run();
      call("move to " + endpoint);
    }

    @Override
    public boolean complete(Migration migration) throws HypervisorException {
      call("complete");
      return runs;
    }

    @Override
    public boolean cancel(Migration migration) throws HypervisorException {
      call("cancel");
      return runs;
    }
  }

  private static MigrationCommand away(String operation, MigrationPhase phase) {
    return new MigrationCommand(
        new Migration(new OperationId(operation), VM, FE1, FE2), phase, "there");
  }

  private static MigrationCommand hither(String operation, MigrationPhase phase) {
    return new MigrationCommand(new Migration(new OperationId(operation), VM, FE2, FE1), phase, "");
  }

  private void perform() {
    while (!waiting.isEmpty()) {
      waiting.remove().run();
    }
  }

  private List<MigrationState> states() {
    return reports.stream().map(MigrationReport::state).toList();
  }

  @Test
  void aMoveIsMadeOnceHoweverOftenItIsAsked() {
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    perform();
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    perform();
    assertEquals(List.of("move to there"), called);
    assertEquals(
        List.of(
            MigrationState.ACCEPTED,
            MigrationState.ACCEPTED,
            MigrationState.COPYING,
            MigrationState.PAUSED,
            MigrationState.DONE,
            MigrationState.DONE),
        states());
  }

  @Test
  void aTargetThatIsReadySaysWhereAndWaits() {
    runs = true;
    operations.ask(hither("p1-1", MigrationPhase.PREPARE));
    perform();
    assertEquals("here", reports.get(1).text());
    operations.ask(hither("p2-1", MigrationPhase.PREPARE));
    assertEquals("operation p1-1 works on this VM", reports.get(2).text());
    operations.ask(hither("p1-1", MigrationPhase.COMPLETE));
    perform();
    assertEquals(MigrationState.DONE, reports.get(4).state());
    operations.ask(hither("p2-1", MigrationPhase.PREPARE));
    perform();
    assertEquals(List.of("prepare", "complete", "prepare"), called);
  }

  @Test
  void whetherItRunsHereIsSaidAnew() {
    fails = true;
    operations.ask(hither("p1-1", MigrationPhase.COMPLETE));
    perform();
    assertEquals(MigrationState.FAILED, reports.get(1).state());
    fails = false;
    operations.ask(hither("p1-1", MigrationPhase.COMPLETE));
    operations.ask(hither("p1-1", MigrationPhase.COMPLETE));
    perform();
    assertEquals("it does not run at fe1", reports.get(4).text());
    runs = true;
    operations.ask(hither("p1-1", MigrationPhase.COMPLETE));
    perform();
    assertEquals(MigrationState.DONE, reports.get(6).state());
    operations.ask(hither("p1-1", MigrationPhase.COMPLETE));
    perform();
    assertEquals(List.of("complete", "complete", "complete"), called);
  }

  /** Nobody said how p1-1 ended: its source died while it moved the VM. */
  @Test
  void whoWaitsForAVmInVainIsReleasedWhenTheSourceOfALaterOperationHasTheVm() {
    operations.ask(hither("p1-1", MigrationPhase.PREPARE));
    perform();
    operations.ask(hither("p2-1", MigrationPhase.PREPARE));
    assertEquals("operation p1-1 works on this VM", reports.get(2).text());
    fails = true;
    operations.ask(hither("p2-1", MigrationPhase.CANCEL));
    perform();
    assertEquals(MigrationState.FAILED, reports.get(4).state());
    fails = false;
    operations.ask(hither("p3-1", MigrationPhase.PREPARE));
    assertEquals("operation p1-1 works on this VM", reports.get(5).text(), "it was not released");
    operations.ask(hither("p3-1", MigrationPhase.CANCEL));
    perform();
    assertEquals(MigrationState.CANCELLED, reports.get(7).state());
    operations.ask(hither("p4-1", MigrationPhase.PREPARE));
    perform();
    assertEquals(MigrationState.DONE, reports.get(9).state());
    assertEquals(List.of("prepare", "cancel", "cancel", "cancel", "prepare"), called);
  }

  @Test
  void aVmThatCameUnnoticedMayMoveOn() {
    operations.ask(hither("p1-1", MigrationPhase.PREPARE));
    perform();
    operations.ask(away("p2-1", MigrationPhase.CANCEL));
    assertEquals(
        "operation p1-1 works on this VM", reports.get(2).text(), "nobody knows where it runs");
    operations.ask(away("p2-1", MigrationPhase.MOVE));
    perform();
    assertEquals("it does not run at fe1, which waits for it", reports.get(4).text());
    runs = true;
    operations.ask(away("p3-1", MigrationPhase.MOVE));
    perform();
    assertEquals(MigrationState.DONE, reports.get(reports.size() - 1).state());
    assertEquals(List.of("prepare", "complete", "complete", "move to there"), called);
  }

  @Test
  void aFailureStaysOne() {
    fails = true;
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    perform();
    fails = false;
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    perform();
    assertEquals(1, called.size());
    assertEquals(MigrationState.FAILED, reports.get(reports.size() - 1).state());
    assertEquals("no room", reports.get(reports.size() - 1).text());
    operations.ask(away("p2-1", MigrationPhase.MOVE));
    perform();
    assertEquals(2, called.size(), "the VM is free again");
  }

  @Test
  void whateverAHypervisorSaysFitsAMessage() {
    fails = true;
    reason = "\u00e9\u0085\ud800".repeat(200);
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    perform();
    String said = reports.get(reports.size() - 1).text();
    assertTrue(said.startsWith("\u00e9  \u00e9"), said);
    assertTrue(said.getBytes(StandardCharsets.UTF_8).length <= 250, said);
    assertTrue(StandardCharsets.UTF_8.newEncoder().canEncode(said), said);
    fails = false;
    endpoint = "x".repeat(251);
    operations.ask(hither("p2-1", MigrationPhase.PREPARE));
    perform();
    assertEquals(MigrationState.FAILED, reports.get(reports.size() - 1).state());
  }

  @Test
  void aSurpriseIsAFailureToo() {
    surprises = true;
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    perform();
    MigrationReport last = reports.get(reports.size() - 1);
    assertEquals(MigrationState.FAILED, last.state());
    assertTrue(last.text().contains("surprise"), last.text());
  }

  @Test
  void whatWasCancelledIsNotBegunAnyMore() {
    runs = true;
    operations.ask(away("p1-1", MigrationPhase.CANCEL));
    perform();
    assertEquals(MigrationState.DONE, reports.get(1).state(), "the VM runs here");
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    perform();
    assertEquals(List.of("cancel"), called);
    assertEquals(MigrationState.CANCELLED, reports.get(2).state());
  }

  /** The VM is still here when the hypervisor is asked to cancel, and there when MOVE ends. */
  @Test
  void aCancelSaysWhereTheVmRunsOnlyWhenTheMoveHasEnded() {
    runs = true;
    whileMoving =
        () -> {
          operations.ask(away("p1-1", MigrationPhase.CANCEL));
          waiting.remove().run();
          assertEquals(
              MigrationState.ACCEPTED, reports.get(reports.size() - 1).state(), "who knows yet?");
          operations.ask(away("p2-1", MigrationPhase.MOVE));
          assertEquals("operation p1-1 works on this VM", reports.get(reports.size() - 1).text());
          runs = false;
        };
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    waiting.remove().run();
    assertEquals(MigrationState.DONE, reports.get(reports.size() - 1).state(), "moved");
    operations.ask(away("p2-1", MigrationPhase.MOVE));
    assertEquals(
        "operation p1-1 works on this VM",
        reports.get(reports.size() - 1).text(),
        "it is cancelled still");
    perform();
    MigrationReport last = reports.get(reports.size() - 1);
    assertEquals(MigrationPhase.CANCEL, last.phase());
    assertEquals(MigrationState.CANCELLED, last.state(), "it does not run here");
    assertEquals(List.of("cancel", "move to there", "cancel"), called);
    whileMoving = () -> {};
    operations.ask(away("p2-1", MigrationPhase.MOVE));
    perform();
    assertEquals(4, called.size(), "the VM is free again");
  }

  @Test
  void aMoveThatWasNotBegunWhenItWasCancelledIsNotMade() {
    runs = true;
    operations.ask(away("p1-1", MigrationPhase.MOVE));
    operations.ask(away("p1-1", MigrationPhase.CANCEL));
    perform();
    assertEquals(List.of("cancel"), called);
    assertEquals(
        List.of(
            MigrationState.ACCEPTED,
            MigrationState.ACCEPTED,
            MigrationState.CANCELLED,
            MigrationState.DONE),
        states());
  }

  @Test
  void whatIsForAnotherElementIsRefused() {
    operations.ask(hither("p1-1", MigrationPhase.MOVE));
    perform();
    assertTrue(called.isEmpty());
    assertEquals("that is for fe2 to do", reports.get(0).text());
  }
}
