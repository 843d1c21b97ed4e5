package io.sterna.protocol;

/**
 * Names one migration: the same whenever it is asked for again, and no other's ever.
 *
 * @param value 1 to 63 characters of {@code a-z 0-9 -}, neither first nor last a hyphen
 */
public record OperationId(String value) implements Comparable<OperationId> {
  /**
   * @throws IllegalArgumentException if the value is not such a name
   */
  public OperationId {
    Names.check("operation id", value);
  }

  @Override
  public int compareTo(OperationId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
