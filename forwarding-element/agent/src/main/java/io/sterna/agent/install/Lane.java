package io.sterna.agent.install;

/** How long a change may wait. */
public enum Lane {
  /** A VM moved: before everything else. */
  URGENT,
  /** Part of a large transfer. */
  BULK
}
