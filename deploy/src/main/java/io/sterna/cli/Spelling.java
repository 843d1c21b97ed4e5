package io.sterna.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what was meant. Pure. */
final class Spelling {
  private Spelling() {}

  /** The known word with the fewest letters changed, if those are few for its length. */
  static Optional<String> nearest(String word, Collection<String> known) {
    int limit = word.length() <= 3 ? 1 : Math.max(2, word.length() / 3);
    return known.stream()
        .filter(each -> distance(word, each) <= limit)
        .min(
            Comparator.comparingInt((String each) -> distance(word, each))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Levenshtein's distance: letters to insert, delete or replace. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
