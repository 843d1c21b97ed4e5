package io.sterna.controller.relocation.generate;

/** How the sites are connected. */
public enum Shape {
  /** Each with each. */
  MESH,
  /** Each with the next. */
  RING
}
