package io.sterna.controller.owner;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.EpochStore.Taken;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Hands out epochs: each higher than every epoch that the range ever had (DESIGN 4.5). */
public interface Epochs {
  /**
   * Takes the next epoch of this range for this controller; fails if nobody can say which it is.
   *
   * @param wanted asked before each attempt, by any thread; false = no more are made
   */
  CompletionStage<Taken> acquire(RangeId range, ControllerId controller, BooleanSupplier wanted);

  /** Whether this epoch is still the range's latest; fails if nobody can say. */
  CompletionStage<Boolean> validate(RangeId range, long epoch);

  /**
   * Nothing will be acknowledged under this epoch any more; of no effect if it is not the latest.
   */
  CompletionStage<Boolean> release(RangeId range, long epoch);
}
