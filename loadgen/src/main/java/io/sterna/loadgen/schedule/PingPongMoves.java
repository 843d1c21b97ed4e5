package io.sterna.loadgen.schedule;

import java.util.OptionalInt;

/**
 * One VM after the other. VM number v goes back and forth between elements v and v + 1, modulo the
 * number of elements.
 */
public final class PingPongMoves implements Moves {
  private final int fes;
  private final int[] places;
  private int cursor;

  /** VMs that are nowhere yet: each goes to its first element first. */
  public PingPongMoves(int vms, int fes) {
    this.fes = fes;
    this.places = new int[vms];
    for (int vm = 0; vm < vms; vm++) {
      places[vm] = second(vm);
    }
  }

  @Override
  public Move next() {
    int vm = cursor;
    cursor = (cursor + 1) % places.length;
    places[vm] = destination(vm);
    return new Move(vm, places[vm]);
  }

  /** The VM whose turn it is, if it goes there: all others wait until it has moved. */
  @Override
  public OptionalInt nextTo(int fe) {
    return destination(cursor) == fe ? OptionalInt.of(next().vm()) : OptionalInt.empty();
  }

  @Override
  public void found(int vm, int fe) {
    places[vm] = fe;
  }

  private int destination(int vm) {
    return places[vm] == first(vm) ? second(vm) : first(vm);
  }

  private int first(int vm) {
    return vm % fes;
  }

  private int second(int vm) {
    return (vm + 1) % fes;
  }
}
