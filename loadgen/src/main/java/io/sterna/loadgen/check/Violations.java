package io.sterna.loadgen.check;

import java.util.ArrayList;
import java.util.List;

/** Counts violations and keeps the first of them. Not thread-safe. */
public final class Violations {
  private static final int EXAMPLES_MAX = 10;

  private final List<String> examples = new ArrayList<>();
  private long count;

  /** One more, in one line. */
  public void add(String what) {
    count++;
    if (examples.size() < EXAMPLES_MAX) {
      examples.add(what);
    }
  }

  /** How many there were. */
  public long count() {
    return count;
  }

  /** The verdict of the check of this name. */
  public Verdict verdict(String name) {
    return new Verdict(name, count, List.copyOf(examples));
  }
}
