package io.sterna.loadgen.run;

import io.sterna.loadgen.check.Acknowledged;
import io.sterna.loadgen.check.Violations;
import io.sterna.loadgen.measure.Counts;
import io.sterna.loadgen.measure.Latency;
import io.sterna.loadgen.measure.Spread;
import io.sterna.loadgen.table.FeTable;
import io.sterna.loadgen.table.TableWatch;
import io.sterna.protocol.Binding;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Where all elements of a run write down what happens. Belongs to one thread. */
final class Ledger implements TableWatch, Spread.Elements {
  final Latency acknowledged = new Latency();
  final Latency installed = new Latency();

  /** The same since the last line of progress. */
  final Latency installedLately = new Latency();

  final Violations wentBack = new Violations();
  final Acknowledged claims;
  final Spread spread;
  final List<FeTable> tables = new ArrayList<>();

  private Counts counts = new Counts();
  private @Nullable Stalling stalling;
  private int failedAttempts;
  private String lastFailure = "";

  private final LongSupplier nanoTime;
  private final LoadWatch watch;
  private final @Nullable Event[] latest;

  Ledger(int vms, int fes, LongSupplier nanoTime, LoadWatch watch) {
    this.nanoTime = nanoTime;
    this.watch = watch;
    this.claims = new Acknowledged(vms);
    this.latest = new Event[vms];
    this.spread = new Spread(vms, fes, this, this::installed);
  }

  Counts counts() {
    return counts;
  }

  /** What was counted before counts no longer. */
  void countAfresh() {
    counts = new Counts();
  }

  /** Changes are told to this too from now on. */
  void watch(Stalling watched) {
    stalling = watched;
  }

  /** An element is at a new position. */
  void heard(FeTable table, RangePosition position) {
    watch.heard(table, position);
  }

  private void installed(long dueNanos, long tookNanos) {
    installed.record(tookNanos);
    installedLately.record(tookNanos);
    if (stalling != null) {
      stalling.installed(dueNanos, tookNanos);
    }
  }

  /** An event is given up, since its VM appeared elsewhere. */
  void superseded(Event event, long now) {
    counts.supersede();
    watch.gaveUp(event.vm, event.dueNanos, Objects.requireNonNull(latest[event.vm]).dueNanos);
    count(event, now);
  }

  /**
   * An event has no answer, and none is awaited any more. Those that wait longest must not be
   * missing where latencies are: each counts with the time that it has waited.
   */
  void unfinished(Event event, long now) {
    watch.gaveUp(event.vm, event.dueNanos, now);
    count(event, now);
  }

  private void count(Event event, long now) {
    if (event.measured) {
      acknowledged.recordUnfinished(now - event.dueNanos);
      notInstalled(event.dueNanos, now - event.dueNanos);
    }
  }

  /** No element hears anything any more. */
  void end(long now) {
    spread.unfinished(now, this::notInstalled);
  }

  private void notInstalled(long dueNanos, long tookNanos) {
    installed.recordUnfinished(tookNanos);
    if (stalling != null) {
      stalling.unfinished(dueNanos, tookNanos);
    }
  }

  /** A session ended before a controller said welcome. */
  void failAttempt(String reason) {
    failedAttempts++;
    lastFailure = reason;
  }

  /** Sessions that ended before a controller said welcome. */
  int failedAttempts() {
    return failedAttempts;
  }

  /** Why the last of them did. */
  String lastFailure() {
    return lastFailure;
  }

  void loseSession() {
    counts.loseSession();
  }

  /** A VM appeared somewhere. */
  void happened(Event event) {
    counts.event();
    latest[event.vm] = event;
  }

  /** Whether the VM of an event has not appeared elsewhere since. */
  boolean isLatest(Event event) {
    return latest[event.vm] == event;
  }

  /** An event was acknowledged at an element. */
  void accepted(Event event, int fe, Binding binding) {
    long now = nanoTime.getAsLong();
    int version = (int) binding.version();
    counts.accept();
    if (event.measured) {
      acknowledged.record(now - event.dueNanos);
    }
    spread.accepted(event.vm, version, event.dueNanos, event.measured, now);
    if (claims.version(event.vm) == version && claims.holder(event.vm) != fe) {
      wentBack.add(binding.address() + " version " + version + " was acknowledged to two elements");
    }
    claims.add(event.vm, version, fe);
    watch.acknowledged(event.vm, event.dueNanos, now);
  }

  @Override
  public void advanced(int vm, int fromVersion, int toVersion) {
    spread.heard(vm, fromVersion, toVersion);
  }

  @Override
  public boolean isNew(RangePosition next) {
    return spread.isNew(next);
  }

  @Override
  public void moved(RangePosition from, RangePosition to) {
    spread.moved(from, to, nanoTime.getAsLong());
  }

  @Override
  public void wentBack(String what) {
    wentBack.add(what);
  }

  @Override
  public boolean allHave(int vm, int version) {
    for (FeTable table : tables) {
      if (table.version(vm) < version) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int countAt(RangePosition position) {
    int count = 0;
    for (FeTable table : tables) {
      RangePosition its = table.position(position.range());
      if (its != null && !its.isBefore(position)) {
        count++;
      }
    }
    return count;
  }
}
