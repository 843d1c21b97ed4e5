package io.sterna.protocol;

/**
 * A VM that is to run at another element.
 *
 * @param operation which migration this is
 * @param vm its address
 * @param from where it runs
 * @param to where it is to run
 */
public record Migration(OperationId operation, IpAddress vm, FeId from, FeId to) {
  /**
   * @throws IllegalArgumentException if it is to stay where it is
   */
  public Migration {
    if (from.equals(to)) {
      throw new IllegalArgumentException("a migration from " + from + " to itself");
    }
  }
}
