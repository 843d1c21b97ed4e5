package io.sterna.protocol;

/**
 * Names a site: a data center.
 *
 * @param value 1 to 63 characters of {@code a-z 0-9 -}, neither first nor last a hyphen
 */
public record SiteId(String value) implements Comparable<SiteId> {
  /**
   * @throws IllegalArgumentException if the value is not such a name
   */
  public SiteId {
    Names.check("site id", value);
  }

  @Override
  public int compareTo(SiteId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
