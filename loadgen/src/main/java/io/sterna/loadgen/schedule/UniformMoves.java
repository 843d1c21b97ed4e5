package io.sterna.loadgen.schedule;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Any VM to any element but the one it is at. */
public final class UniformMoves implements Moves {
  private static final int ATTEMPTS = 16;
  private static final int NOWHERE = -1;

  private final SplittableRandom random;
  private final int fes;
  private final int[] places;

  /** VMs that are nowhere yet. */
  public UniformMoves(int vms, int fes, long seed) {
    this.random = new SplittableRandom(seed);
    this.fes = fes;
    this.places = new int[vms];
    Arrays.fill(places, NOWHERE);
  }

  @Override
  public Move next() {
    int vm = random.nextInt(places.length);
    int place = places[vm];
    int fe = random.nextInt(place == NOWHERE ? fes : fes - 1);
    if (place != NOWHERE && fe >= place) {
      fe++;
    }
    places[vm] = fe;
    return new Move(vm, fe);
  }

  @Override
  public OptionalInt nextTo(int fe) {
    for (int i = 0; i < ATTEMPTS; i++) {
      int vm = random.nextInt(places.length);
      if (places[vm] != fe) {
        places[vm] = fe;
        return OptionalInt.of(vm);
      }
    }
    return OptionalInt.empty();
  }

  @Override
  public void found(int vm, int fe) {
    places[vm] = fe;
  }
}
