package io.sterna.bench;

import io.sterna.lab.LabException;
import java.util.ArrayList;
import java.util.List;

/**
 * Pairs of turns, one with and one without the chain's hashes, that follow one another. Pure.
 *
 * @param pairs each long enough for dozens of rows
 */
record ChainTurns(List<Pair> pairs) {
  /** Of a normal distribution, 95 % lie within so many standard deviations of the middle. */
  private static final double DEVIATIONS_OF_95_PERCENT = 1.96;

  /**
   * Changes whose rows were sealed in each of two turns.
   *
   * @param chained with the hashes
   * @param unchained without
   */
  record Pair(long chained, long unchained) {}

  ChainTurns {
    pairs = List.copyOf(pairs);
  }

  /** A line: the number of the turn, whether it is chained, its changes. */
  private record Turn(long number, boolean chained, long changes) {
    static Turn of(String line) throws LabException {
      String[] words = line.split(" ", -1);
      try {
        return new Turn(
            Long.parseLong(words[0]), "true".equals(words[1]), Long.parseLong(words[2]));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new LabException("not a turn: " + line, e);
      }
    }

    boolean isBefore(Turn next) {
      return (number & 1) == 0 && next.number == number + 1;
    }
  }

  /**
   * The last pairs of what was written down; the newest are left out, the load ended in them.
   *
   * @param lines a turn each, oldest first; turns without any change may lack
   * @param count how many pairs
   * @param leftOut how many turns at the end do not count
   * @throws LabException if there are fewer
   */
  static ChainTurns last(List<String> lines, int count, int leftOut) throws LabException {
    List<Pair> pairs = new ArrayList<>();
    for (int i = lines.size() - leftOut - 1; i > 0 && pairs.size() < count; i--) {
      Turn first = Turn.of(lines.get(i - 1));
      Turn second = Turn.of(lines.get(i));
      if (first.isBefore(second)) {
        pairs.add(
            first.chained
                ? new Pair(first.changes, second.changes)
                : new Pair(second.changes, first.changes));
      }
    }
    if (pairs.size() < count) {
      throw new LabException("%d pairs of turns, not %d".formatted(pairs.size(), count));
    }
    return new ChainTurns(pairs);
  }

  /** How many percent fewer changes are made with the hashes. */
  double percent() {
    return 100 * (1 - ratio());
  }

  /** The truth lies within so many percent points of {@link #percent}, 95 times of 100. */
  double percentPlusMinus() {
    double ratio = ratio();
    double squares =
        pairs.stream()
            .mapToDouble(pair -> pair.chained - ratio * pair.unchained)
            .map(rest -> rest * rest)
            .sum();
    double deviation = Math.sqrt(squares / (pairs.size() - 1));
    double errorOfSum = deviation * Math.sqrt(pairs.size());
    return 100 * DEVIATIONS_OF_95_PERCENT * errorOfSum / unchained();
  }

  private double ratio() {
    return pairs.stream().mapToLong(Pair::chained).sum() / unchained();
  }

  private double unchained() {
    return pairs.stream().mapToLong(Pair::unchained).sum();
  }
}
