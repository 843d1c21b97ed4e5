package io.sterna.lab.story;

import java.util.List;

/**
 * What the death of a range's owner did. Pure.
 *
 * @param killed the controller that was killed
 * @param newOwner the controller that serves the range now
 * @param failoverMs from the kill until the last forwarding element had a route that the new owner
 *     committed
 * @param lostMeanwhile probes to a VM that stood still, lost by one flow from the kill until then
 * @param forgotten bindings that are not what they must be, a line each
 * @param moveAfter the VM's move under the new owner
 */
record FailoverResult(
    String killed,
    String newOwner,
    double failoverMs,
    int lostMeanwhile,
    List<String> forgotten,
    MoveResult moveAfter) {
  FailoverResult {
    forgotten = List.copyOf(forgotten);
  }
}
