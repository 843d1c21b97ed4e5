package io.sterna.store.plan;

/**
 * Names a plan of relocations.
 *
 * @param number 1 for the first plan of a cluster, and one more for each
 */
public record PlanId(long number) implements Comparable<PlanId> {
  /**
   * @throws IllegalArgumentException if no plan has this number
   */
  public PlanId {
    if (number < 1) {
      throw new IllegalArgumentException("plan " + number + " cannot be: the first one is 1");
    }
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if the text is no number of a plan
   */
  public static PlanId parse(String text) {
    try {
      return new PlanId(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number of a plan", e);
    }
  }

  @Override
  public int compareTo(PlanId other) {
    return Long.compare(number, other.number);
  }

  @Override
  public String toString() {
    return String.valueOf(number);
  }
}
