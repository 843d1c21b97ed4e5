package io.sterna.controller.owner;

import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.OwnerEvent.EpochProven;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The epoch of an owner, that it is the latest still, and what was committed but may not be
 * acknowledged before that is proven (DESIGN 4.5). Confined to its {@link AddressRange}.
 */
final class EpochProofs {
  /** An owner goes on proving its epoch for this long after a commit: the next finds it proven. */
  private static final Duration AFTER_COMMIT = Duration.ofSeconds(10);

  private final EpochQuestions questions;
  private final Duration term;
  private Tenure tenure;
  private long epoch;
  private boolean asking;
  private @Nullable Committed kept;
  private long committedNanos;

  /** No epoch yet. */
  EpochProofs(EpochQuestions questions, Duration term, long nowNanos) {
    this.questions = questions;
    this.term = term;
    this.tenure = new Tenure(term, nowNanos);
  }

  /** The latest that this owner took; 0 = none. */
  long epoch() {
    return epoch;
  }

  /** An epoch was taken: what was asked about the one before tells nothing any more. */
  void begin(long taken, long askedNanos) {
    epoch = taken;
    tenure = new Tenure(term, askedNanos);
    asking = false;
    kept = null;
  }

  /** Whether what was committed now may be acknowledged; else it is kept, and the epoch proven. */
  boolean committed(Committed committed, long nowNanos) {
    committedNanos = nowNanos;
    if (tenure.holdsAt(nowNanos)) {
      return true;
    }
    kept = committed;
    ask();
    return false;
  }

  /** When the last row was known to be in the journal. */
  long committedNanos() {
    return committedNanos;
  }

  /** Its fate is unknown after all. */
  void drop() {
    kept = null;
  }

  /** Whether something waits for a proof. */
  boolean isAwaited() {
    return kept != null;
  }

  /** Whether the next commit, if it comes soon, should find the epoch proven. */
  boolean isOfUse(long nowNanos) {
    return nowNanos - committedNanos < AFTER_COMMIT.toNanos();
  }

  /** Beside a write, so that nobody waits for it afterwards. */
  void askIfDue(long nowNanos) {
    if (tenure.isDueAt(nowNanos)) {
      ask();
    }
  }

  /** Asks, unless an answer is under way. */
  void ask() {
    if (!asking) {
      asking = true;
      questions.prove(epoch);
    }
  }

  /** An answer came, or none will: whether that was about this epoch. */
  boolean answered(long askedEpoch) {
    if (askedEpoch != epoch) {
      return false;
    }
    asking = false;
    return true;
  }

  /** The epoch is the latest: what may be acknowledged now. */
  Optional<Committed> proven(EpochProven proven) {
    tenure.proven(proven.askedNanos());
    Committed committed = kept;
    if (committed == null) {
      return Optional.empty();
    }
    if (!tenure.holdsAt(committedNanos)) {
      // Asked long before the row was known to be written: this process stood still in between.
      ask();
      return Optional.empty();
    }
    kept = null;
    return Optional.of(committed);
  }
}
