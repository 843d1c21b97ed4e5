package io.sterna.bench;

import java.math.BigDecimal;

/**
 * What a figure must reach. Pure.
 *
 * @param sense on which side of the limit it holds; it holds at the limit itself
 * @param limit in the figure's unit
 */
public record Bar(Sense sense, double limit) {
  /** Which figures hold. */
  public enum Sense {
    /** The limit and above. */
    AT_LEAST,
    /** The limit and below. */
    AT_MOST
  }

  /** Holds from this on. */
  public static Bar atLeast(double limit) {
    return new Bar(Sense.AT_LEAST, limit);
  }

  /** Holds up to this. */
  public static Bar atMost(double limit) {
    return new Bar(Sense.AT_MOST, limit);
  }

  /** Whether a value reaches it. What is no number does not. */
  public boolean holds(double value) {
    return switch (sense) {
      case AT_LEAST -> value >= limit;
      case AT_MOST -> value <= limit;
    };
  }

  /** Like {@code >= 60000}. */
  @Override
  public String toString() {
    String number = BigDecimal.valueOf(limit).stripTrailingZeros().toPlainString();
    return (sense == Sense.AT_LEAST ? ">= " : "<= ") + number;
  }
}
