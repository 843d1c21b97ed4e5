package io.sterna.controller.owner;

import io.sterna.protocol.Binding;
import io.sterna.protocol.RangePosition;
import java.util.List;

/**
 * What an element has not heard of a range.
 *
 * @param from where it is
 * @param changes the latest of each address that changed since
 */
record Missed(RangePosition from, List<Binding> changes) {}
