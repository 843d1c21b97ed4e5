package io.sterna.bench.peers;

/** How far changes go. */
public enum Reach {
  /** Receivers read what they are sent. */
  READ,
  /** Each receiver writes it into the kernel table of a network namespace of its own. */
  KERNEL
}
