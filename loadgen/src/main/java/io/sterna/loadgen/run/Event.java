package io.sterna.loadgen.run;

import io.sterna.loadgen.link.Session;
import org.jspecify.annotations.Nullable;

/** A VM that appeared at an element, until that is acknowledged or a later event takes the VM. */
final class Event {
  final int vm;
  final long dueNanos;
  final boolean measured;

  /** The version that stood when a claim was refused as stale; 0 = none was. */
  int refusedAtVersion;

  /** The number of the claim that was sent last. */
  long claimId;

  /** Acknowledged, or given up. */
  boolean settled;

  /** How often it was claimed. */
  int attempts;

  /** When it was claimed last, or may be claimed again. */
  long atNanos;

  /** The session that it was claimed on last. */
  @Nullable Session session;

  Event(int vm, long dueNanos, boolean measured) {
    this.vm = vm;
    this.dueNanos = dueNanos;
    this.measured = measured;
  }
}
