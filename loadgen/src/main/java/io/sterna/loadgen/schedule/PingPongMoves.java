package io.sterna.loadgen.schedule;

import java.util.OptionalInt;

/**
 * One VM after the other. VM number v goes back and forth between elements v and v + 1, modulo the
 * number of elements.
 */
public final class PingPongMoves implements Moves {
  private static final int ATTEMPTS = 64;

  private final int fes;
  private final int[] places;
  private final int[] cursors;
  private int cursor;

  /** VMs that are nowhere yet: each goes to its first element first. */
  public PingPongMoves(int vms, int fes) {
    this.fes = fes;
    this.places = new int[vms];
    this.cursors = new int[fes];
    for (int vm = 0; vm < vms; vm++) {
      places[vm] = second(vm);
    }
  }

  @Override
  public Move next() {
    int vm = cursor;
    cursor = (cursor + 1) % places.length;
    places[vm] = places[vm] == first(vm) ? second(vm) : first(vm);
    return new Move(vm, places[vm]);
  }

  @Override
  public OptionalInt nextTo(int fe) {
    for (int i = 0; i < ATTEMPTS; i++) {
      int step = cursors[fe]++ & Integer.MAX_VALUE;
      // Every other VM comes from each of the two groups that know this element.
      long group = (step & 1) == 0 ? fe : Math.floorMod(fe - 1, fes);
      long vm = (group + (long) (step >> 1) * fes) % roundedUp();
      if (vm < places.length && places[(int) vm] != fe) {
        places[(int) vm] = fe;
        return OptionalInt.of((int) vm);
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public void found(int vm, int fe) {
    places[vm] = fe;
  }

  private int first(int vm) {
    return vm % fes;
  }

  private int second(int vm) {
    return (vm + 1) % fes;
  }

  private long roundedUp() {
    return Math.floorDiv((long) places.length + fes - 1, fes) * (long) fes;
  }
}
