package io.sterna.agent.linux;

import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.linux.NetlinkException;
import io.sterna.linux.Rtnetlink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which request belongs to which change of one batch, and which of them were refused.
 *
 * <p>Requests have consecutive sequence numbers.
 */
final class Batch {
  private final List<RouteChange> changes;
  private final @Nullable String[] reasons;
  private final int[] changeOf;
  private final boolean[] mayBeAbsent;
  private final int first;
  private int count;

  /**
   * @param requestsPerChange the most requests that one change takes
   * @param firstSequence the sequence number that the first request will have
   */
  Batch(List<RouteChange> changes, int requestsPerChange, int firstSequence) {
    this.first = firstSequence;
    this.changes = changes;
    this.reasons = new @Nullable String[changes.size()];
    this.changeOf = new int[changes.size() * requestsPerChange];
    this.mayBeAbsent = new boolean[changeOf.length];
  }

  /** All requests up to this one, since the last call, belong to this change. */
  void wrote(int lastSequence, int change) {
    extend(lastSequence, change, false);
  }

  /** As {@link #wrote}, and they are deletions: what they delete may be gone already. */
  void wroteDeletion(int lastSequence, int change) {
    extend(lastSequence, change, true);
  }

  void refused(int sequence, int errno, @Nullable String text) {
    int request = sequence - first;
    if (request < 0 || request >= count) {
      return;
    }
    boolean absent = errno == Rtnetlink.ESRCH || errno == Rtnetlink.ENOENT;
    if (!(absent && mayBeAbsent[request])) {
      fail(changeOf[request], NetlinkException.reason(errno, text));
    }
  }

  /** The first reason counts. */
  void fail(int change, String reason) {
    if (reasons[change] == null) {
      reasons[change] = reason;
    }
  }

  boolean failed(int change) {
    return reasons[change] != null;
  }

  Outcome outcome() {
    List<Outcome.Failure> failures = new ArrayList<>();
    for (int i = 0; i < reasons.length; i++) {
      String reason = reasons[i];
      if (reason != null) {
        failures.add(new Outcome.Failure(changes.get(i).address(), reason));
      }
    }
    return failures.isEmpty() ? Outcome.COMPLETE : new Outcome(failures);
  }

  private void extend(int lastSequence, int change, boolean deletion) {
    while (first + count - lastSequence <= 0) {
      changeOf[count] = change;
      mayBeAbsent[count] = deletion;
      count++;
    }
  }
}
