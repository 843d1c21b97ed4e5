package io.sterna.lab.topology;

/**
 * When the steps of a move happened, by {@link System#nanoTime()}.
 *
 * @param unpluggedNanos just before the VM's port was taken away
 * @param pluggedNanos when the VM's own interface had carrier again
 * @param announcedNanos just before the VM's first announcement left
 */
public record MoveStamps(long unpluggedNanos, long pluggedNanos, long announcedNanos) {
  /**
   * @throws IllegalArgumentException if the steps are not in order
   */
  public MoveStamps {
    if (pluggedNanos - unpluggedNanos < 0 || announcedNanos - pluggedNanos < 0) {
      throw new IllegalArgumentException("unplugged, plugged, announced: not in this order");
    }
  }
}
