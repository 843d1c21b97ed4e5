package io.sterna.loadgen.scenario;

/** How VMs move. */
public enum Mobility {
  /** Any VM to any other element. */
  UNIFORM("uniform"),
  /** One VM after the other, each between two elements of its own. */
  PING_PONG("ping-pong");

  private final String text;

  Mobility(String text) {
    this.text = text;
  }

  /** As scenarios spell it. */
  @Override
  public String toString() {
    return text;
  }
}
