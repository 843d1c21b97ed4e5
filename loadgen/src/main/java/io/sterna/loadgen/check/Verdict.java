package io.sterna.loadgen.check;

import java.util.List;

/**
 * What a check found.
 *
 * @param name the check
 * @param violations how many there were
 * @param examples the first of them
 */
public record Verdict(String name, long violations, List<String> examples) {
  public Verdict {
    examples = List.copyOf(examples);
  }

  /** Whether nothing was found. */
  public boolean holds() {
    return violations == 0;
  }
}
