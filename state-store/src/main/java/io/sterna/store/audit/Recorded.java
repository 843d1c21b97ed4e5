package io.sterna.store.audit;

import io.sterna.protocol.RangeId;
import io.sterna.store.event.RangeEvent;

/**
 * A row that counts.
 *
 * @param number its place in the journal of its range, from 1 on
 * @param atEpochMillis when, on a clock that never goes back: the latest time of this row and all
 *     before it. So a moment always lies between two rows, whatever the clocks of two owners say
 * @param owner the controller that wrote it; empty if its epoch began before the part that was read
 */
public record Recorded(
    RangeId range, long number, RangeEvent row, long atEpochMillis, String owner) {}
