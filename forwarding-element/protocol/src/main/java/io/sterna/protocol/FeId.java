package io.sterna.protocol;

/**
 * Names a forwarding element.
 *
 * @param value 1 to 63 characters of {@code a-z 0-9 -}, neither first nor last a hyphen
 */
public record FeId(String value) implements Comparable<FeId> {
  /**
   * @throws IllegalArgumentException if the value is not such a name
   */
  public FeId {
    Names.check("forwarding element id", value);
  }

  @Override
  public int compareTo(FeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
