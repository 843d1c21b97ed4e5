package io.sterna.controller.relocation.model;

/**
 * One migration of a plan.
 *
 * @param endpoint the number of the VM
 * @param from the number of the site where it is before
 * @param to the number of the site where it is after
 * @param costBefore of everything, before this step
 * @param costAfter of everything, after it
 * @param reason why
 */
public record Step(
    int endpoint, int from, int to, double costBefore, double costAfter, Reason reason) {
  /**
   * Why a VM moves.
   *
   * @param kind what it is good for
   * @param peers VMs and clients at its new site that it talks to
   * @param relieved the number of the link whose load factor falls most; -1 if none falls
   */
  public record Reason(Kind kind, int peers, int relieved) {}

  /** What a step is good for. */
  public enum Kind {
    /** It lowers the cost by itself. */
    GAIN,
    /** It goes ahead of others of its group, or follows them: together they lower the cost. */
    GROUP,
    /** It makes room for another, and moves again later. */
    ROOM
  }
}
