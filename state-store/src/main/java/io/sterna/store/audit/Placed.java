package io.sterna.store.audit;

import io.sterna.store.event.RangeEvent;

/**
 * A row and its place.
 *
 * @param number its place in the journal of its range, from 1 on
 */
public record Placed(long number, RangeEvent row) {}
