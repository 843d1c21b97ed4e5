package io.sterna.loadgen.replay;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import org.jspecify.annotations.Nullable;

/**
 * An invariant does not hold.
 *
 * @param invariant which
 * @param atEpochMillis when, on the clock of the record
 * @param range of which range; null = it was found between elements
 * @param row the row by which it broke, or the last one before it was seen; 0 = none
 * @param revision of the range then
 * @param address null = the range as a whole
 * @param element who holds what is wrong; null = the record says so itself
 * @param what in one line
 */
public record Violation(
    String invariant,
    long atEpochMillis,
    @Nullable RangeId range,
    long row,
    long revision,
    @Nullable IpAddress address,
    @Nullable FeId element,
    String what) {}
