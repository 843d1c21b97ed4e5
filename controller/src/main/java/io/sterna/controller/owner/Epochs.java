package io.sterna.controller.owner;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import java.util.concurrent.CompletionStage;

/** Hands out epochs: each higher than every epoch that the range ever had (DESIGN 4.5). */
@FunctionalInterface
public interface Epochs {
  /**
   * Takes the next epoch of this range for this controller; fails if nobody can say which it is.
   */
  CompletionStage<Long> acquire(RangeId range, ControllerId controller);
}
