package io.sterna.loadgen.run;

import io.sterna.loadgen.link.SessionLoop;
import io.sterna.loadgen.scenario.Scenario;
import io.sterna.loadgen.schedule.VmSpace;
import io.sterna.loadgen.table.BindingReader;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.FeId;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The last element of a scenario connects and knows nothing: how long until it knows everything.
 * Everything happens on the calling thread.
 */
public final class SyncRun {
  private static final long MS = 1_000_000;
  private static final double SECOND = 1e9;
  private static final long TICK_NANOS = MS;
  private static final long PATIENCE_NANOS = 300_000 * MS;

  private final Scenario scenario;
  private final TlsIdentity identity;
  private final LongSupplier nanoTime;
  private final Consumer<String> say;

  /**
   * What was found.
   *
   * @param firstRangeSeconds from the first byte that was sent to the first range that was complete
   * @param seconds from the first byte that was sent to the last range that was complete
   * @param bindings of VMs of the scenario
   * @param bytesIn bytes that came, TLS included
   */
  public record Result(double firstRangeSeconds, double seconds, int bindings, long bytesIn) {}

  private SyncRun(
      Scenario scenario, TlsIdentity identity, LongSupplier nanoTime, Consumer<String> say) {
    this.scenario = scenario;
    this.identity = identity;
    this.nanoTime = nanoTime;
    this.say = say;
  }

  /**
   * Reads the certificate; connects nowhere yet.
   *
   * @param nanoTime a clock that only grows
   * @param say takes one line of progress at a time
   * @throws TlsFileException if the certificate is missing or bad
   */
  public static SyncRun prepare(Scenario scenario, LongSupplier nanoTime, Consumer<String> say)
      throws TlsFileException {
    TlsIdentity identity = Identities.of(last(scenario), scenario.tls());
    return new SyncRun(scenario, identity, nanoTime, say);
  }

  /**
   * Carries it out.
   *
   * @throws LoadException if the element is not in sync within five minutes
   */
  public Result run() throws LoadException {
    try (SessionLoop sessions = new SessionLoop(nanoTime)) {
      return run(sessions);
    } catch (IOException e) {
      throw new LoadException("the sockets failed: " + e, e);
    }
  }

  private Result run(SessionLoop sessions) throws IOException, LoadException {
    VmSpace vms = new VmSpace(scenario.prefix(), scenario.vms());
    FeNumbers numbers = new FeNumbers(scenario.fes());
    Ledger ledger = new Ledger(scenario.vms(), 1, nanoTime, LoadWatch.NOBODY);
    BindingReader reader = new BindingReader(vms, numbers::numberOf);
    VmRanges ranges = new VmRanges(vms);
    FirstContact contact = new FirstContact(scenario.controllers(), say);
    Fleet fleet =
        new Fleet(scenario, vms, sessions, ledger, reader, ranges, nanoTime, contact, say);
    long startNanos = nanoTime.getAsLong();
    EmulatedFe fe =
        new EmulatedFe(fleet, scenario.fes() - 1, last(scenario), identity, ledger, startNanos);
    FeTable table = fe.table();
    long firstNanos = 0;
    long now = startNanos;
    while (!table.inSync()) {
      fe.tick(now);
      sessions.turn(now + TICK_NANOS, () -> {});
      now = nanoTime.getAsLong();
      if (firstNanos == 0 && !table.positions().isEmpty()) {
        firstNanos = now;
      }
      if (contact.isHopeless()) {
        throw new LoadException(contact.reasons());
      }
      if (now - startNanos > PATIENCE_NANOS) {
        throw new LoadException(
            last(scenario) + " heard of " + table.positions().size() + " ranges, not of all");
      }
    }
    return new Result(
        (firstNanos - startNanos) / SECOND,
        (now - startNanos) / SECOND,
        bindings(table, vms),
        sessions.bytesIn());
  }

  private static int bindings(FeTable table, VmSpace vms) {
    int count = 0;
    for (int vm = 0; vm < vms.size(); vm++) {
      count += table.version(vm) > 0 ? 1 : 0;
    }
    return count;
  }

  private static FeId last(Scenario scenario) {
    return new FeId("fe" + scenario.fes());
  }
}
