package io.sterna.lab.fault;

import io.sterna.lab.LabException;
import java.time.Duration;
import java.util.Locale;

/**
 * Something that breaks while changes flow.
 *
 * @param name for the command line
 * @param what happens, for people
 * @param quick whether it is among those that are tried each time
 * @param load what flows meanwhile
 * @param measured what the bound is for
 * @param bound how long that may take
 * @param strike breaks and mends it
 */
public record Fault(
    String name,
    String what,
    boolean quick,
    LoadShape load,
    Measured measured,
    Duration bound,
    Strike strike) {
  /** What must not take longer than the bound: that every range that was hit serves again. */
  public enum Measured {
    /** From the first thing that breaks: others take over. */
    FROM_FAULT,
    /** From the moment at which the cause is gone: nobody could take over. */
    FROM_REMEDY,
    /** From the remedy until a real element has installed what was committed by then. */
    CAUGHT_UP,
    /** How long the slowest claim took, from due to acknowledged or given up: nothing broke. */
    SLOWEST_CLAIM;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** Breaks something, mends it, and says so to its stage. */
  @FunctionalInterface
  public interface Strike {
    /**
     * @throws LabException if what must hold meanwhile does not
     */
    void on(FaultStage stage) throws LabException;
  }
}
