package io.sterna.protocol;

/**
 * Names a controller node.
 *
 * @param value 1 to 63 characters of {@code a-z 0-9 -}, neither first nor last a hyphen
 */
public record ControllerId(String value) implements Comparable<ControllerId> {
  /**
   * @throws IllegalArgumentException if the value is not such a name
   */
  public ControllerId {
    Names.check("controller id", value);
  }

  @Override
  public int compareTo(ControllerId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
