package io.sterna.controller.owner;

import io.sterna.controller.owner.BindingLog.Committed;
import io.sterna.controller.owner.BindingLog.Content;
import io.sterna.controller.owner.BindingLog.Recovered;
import io.sterna.store.cassandra.EpochStore;
import io.sterna.store.cassandra.SnapshotChoice;

/** What an {@link AddressRange} tells itself: answers of its log and of the epochs, and timers. */
sealed interface OwnerEvent extends RangeCommand {
  record EpochTaken(EpochStore.Taken taken, long askedNanos) implements OwnerEvent {}

  /**
   * Cassandra does not say what is needed to go on.
   *
   * @param next what asks again
   * @param what what cannot be done until then
   */
  record Unanswered(OwnerEvent next, String what, Throwable failure) implements OwnerEvent {}

  enum TakeEpoch implements OwnerEvent {
    INSTANCE
  }

  enum StartLog implements OwnerEvent {
    INSTANCE
  }

  record StartFound(SnapshotChoice.Start start) implements OwnerEvent {}

  /** The snapshot that the log began at does not know rows that may count. */
  enum LogMisled implements OwnerEvent {
    INSTANCE
  }

  /** It is this range's turn to write. */
  enum CommitTurn implements OwnerEvent {
    INSTANCE
  }

  enum ProveEpoch implements OwnerEvent {
    INSTANCE
  }

  enum Sweep implements OwnerEvent, RangeCommand.Housekeeping {
    INSTANCE
  }

  record EpochProven(long epoch, boolean latest, long askedNanos) implements OwnerEvent {}

  /** Whether the epoch of a log that failed is the latest still. */
  enum AfterLoss implements OwnerEvent {
    ASK,
    LATEST,
    SUPERSEDED,
    UNKNOWN
  }

  record EpochUnproven(long epoch, Throwable failure) implements OwnerEvent {}

  enum EpochReleased implements OwnerEvent {
    INSTANCE
  }

  record LogRecovered(Recovered recovered) implements OwnerEvent {}

  record LogCommitted(Committed committed) implements OwnerEvent {}

  record LogRead(Content content) implements OwnerEvent {}
}
