package io.sterna.loadgen.schedule;

/**
 * A VM appears at an element.
 *
 * @param vm its number in the {@link VmSpace}
 * @param fe the element's number, from 0
 */
public record Move(int vm, int fe) {}
