package io.sterna.agent.table;

/**
 * Names one connection to a controller, from its opening to its end; never used again.
 *
 * @param number counts the connections of this process
 */
public record SessionId(long number) {
  @Override
  public String toString() {
    return "session-" + number;
  }
}
