package io.sterna.loadgen.measure;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntBinaryOperator;

/**
 * Follows each change until the last element has it.
 *
 * <p>A change is a version of a VM's binding. An element has it when it has that version or a
 * higher one: what was conflated away is not waited for. Not thread-safe.
 */
public final class Spread {
  private static final int VERSION_BITS = 32;

  private final int fes;
  private final IntBinaryOperator holders;
  private final Latency latency;
  private final Map<Long, Change> changes = new HashMap<>();
  private boolean following;
  private long installed;

  private static final class Change {
    private int heard;
    private long lastHeardNanos;
    private boolean accepted;
    private boolean measured;
    private long dueNanos;
  }

  /**
   * @param fes the number of elements
   * @param holders of VM and version: how many elements have that version or a higher one
   * @param latency where the time of each measured change goes
   */
  public Spread(int fes, IntBinaryOperator holders, Latency latency) {
    this.fes = fes;
    this.holders = holders;
    this.latency = latency;
  }

  /** All elements have heard the same: what changes from now on is followed. */
  public void follow() {
    following = true;
  }

  /** An element's binding of a VM went from one version to a higher one. */
  public void heard(int vm, int fromVersion, int toVersion, long nowNanos) {
    if (!following) {
      return;
    }
    for (int version = fromVersion + 1; version <= toVersion; version++) {
      Long key = key(vm, version);
      Change change = changes.computeIfAbsent(key, k -> new Change());
      change.heard++;
      change.lastHeardNanos = nowNanos;
      finish(key, change);
    }
  }

  /**
   * A change was acknowledged.
   *
   * @param dueNanos when its event was due
   * @param measured whether it counts
   */
  public void accepted(int vm, int version, long dueNanos, boolean measured, long nowNanos) {
    Long key = key(vm, version);
    Change change = changes.get(key);
    if (change == null) {
      change = new Change();
      // More than none only if a claim was acknowledged a second time.
      change.heard = holders.applyAsInt(vm, version);
      change.lastHeardNanos = nowNanos;
      changes.put(key, change);
    }
    change.accepted = true;
    change.measured = measured;
    change.dueNanos = dueNanos;
    finish(key, change);
  }

  /** Changes that all elements have. */
  public long installed() {
    return installed;
  }

  /** Acknowledged changes that some element does not have. */
  public long waiting() {
    return changes.values().stream().filter(change -> change.accepted).count();
  }

  private void finish(Long key, Change change) {
    if (!change.accepted || change.heard < fes) {
      return;
    }
    changes.remove(key);
    installed++;
    if (change.measured) {
      latency.record(change.lastHeardNanos - change.dueNanos);
    }
  }

  private static Long key(int vm, int version) {
    return ((long) vm << VERSION_BITS) | Integer.toUnsignedLong(version);
  }
}
