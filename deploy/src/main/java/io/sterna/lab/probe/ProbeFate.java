package io.sterna.lab.probe;

/**
 * What became of one probe; times by {@link System#nanoTime()}.
 *
 * @param number counts the probes of a flow from 0
 * @param sentNanos when it was sent
 * @param arrivedNanos when the VM had it; meaningless unless {@code arrived}
 * @param arrived whether the VM ever had it
 * @param answered whether the answer came back
 */
public record ProbeFate(
    long number, long sentNanos, long arrivedNanos, boolean arrived, boolean answered) {}
