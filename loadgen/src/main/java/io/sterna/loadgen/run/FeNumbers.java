package io.sterna.loadgen.run;

import io.sterna.protocol.FeId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The elements of a scenario: {@code fe1} has number 0. */
final class FeNumbers {
  private final List<FeId> ids;
  private final Map<FeId, Integer> numbers = new HashMap<>();

  FeNumbers(int count) {
    ids = IntStream.rangeClosed(1, count).mapToObj(i -> new FeId("fe" + i)).toList();
    for (int i = 0; i < count; i++) {
      numbers.put(ids.get(i), i);
    }
  }

  /** All of them, in order. */
  List<FeId> ids() {
    return ids;
  }

  /** The number of an element; -2 if it is none of the scenario. */
  int numberOf(FeId fe) {
    return numbers.getOrDefault(fe, -2);
  }
}
