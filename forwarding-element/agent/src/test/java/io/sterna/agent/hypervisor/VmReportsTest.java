package io.sterna.agent.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sterna.agent.hypervisor.Hypervisor.Inventory;
import io.sterna.agent.hypervisor.Hypervisor.RunningVm;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.Migration;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.VmUse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VmReportsTest {
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final IpAddress OTHER = IpAddress.parse("10.10.1.12");

  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final List<VmReport> said = new ArrayList<>();
  private final Saying hypervisor = new Saying();
  private final VmReports reports =
      new VmReports(hypervisor, Duration.ofSeconds(30), waiting::add, said::add);

  /** Says what runs here, and knows nothing else. */
  private static final class Saying implements Hypervisor {
    private List<RunningVm> running = List.of();
    private boolean fails;

    @Override
    public Inventory report() throws HypervisorException {
      if (fails) {
        throw new HypervisorException("not now");
      }
      return new Inventory(running, 1, 1);
    }

    @Override
    public void start(IpAddress vm) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void stop(IpAddress vm) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String prepare(Migration migration) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void move(Migration migration, String endpoint, Progress progress) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean complete(Migration migration) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean cancel(Migration migration) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void whatTheHypervisorSaysIsReported() {
    hypervisor.running = List.of(new RunningVm(VM, 2048, 10.5), new RunningVm(OTHER, 1, 0));
    ask();
    assertEquals(
        List.of(new VmReport(30_000, List.of(new VmUse(VM, 2048, 10_500), new VmUse(OTHER, 1, 0)))),
        said);
  }

  @Test
  void whatNoVmCanBeIsLeftOut() {
    hypervisor.running =
        List.of(
            new RunningVm(VM, 0, 0),
            new RunningVm(VM, Long.MAX_VALUE, 0),
            new RunningVm(OTHER, 512, Double.NaN));
    ask();
    assertEquals(List.of(new VmReport(30_000, List.of(new VmUse(OTHER, 512, 0)))), said);
  }

  @Test
  void manyVmsAreSeveralReports() {
    int vms = 2 * VmReport.VMS_MAX + 1;
    hypervisor.running =
        IntStream.range(0, vms).mapToObj(i -> new RunningVm(IpAddress.ofV4(i), 64, 1)).toList();
    ask();
    assertEquals(
        List.of(VmReport.VMS_MAX, VmReport.VMS_MAX, 1),
        said.stream().map(report -> report.vms().size()).toList());
  }

  @Test
  void itIsAskedOnceAtATimeAndAgainAfterAFailure() {
    hypervisor.running = List.of(new RunningVm(VM, 64, 1));
    reports.ask();
    reports.ask();
    assertEquals(1, waiting.size());
    hypervisor.fails = true;
    waiting.remove().run();
    assertEquals(List.of(), said);
    hypervisor.fails = false;
    ask();
    assertEquals(1, said.size());
  }

  private void ask() {
    reports.ask();
    waiting.remove().run();
  }
}
