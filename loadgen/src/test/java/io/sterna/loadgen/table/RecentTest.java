package io.sterna.loadgen.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RecentTest {
  private final Recent<String> recent = new Recent<>(4, 2);

  @Test
  void whatSharesAPlaceDoesNotTakeItFromEachOther() {
    recent.put(1, "one");
    recent.put(5, "five");
    assertEquals("one", recent.find(1, any -> true));
    assertEquals("five", recent.find(5, any -> true));
  }

  @Test
  void whatHasTheSameHashIsToldApart() {
    recent.put(1, "this");
    recent.put(1, "that");
    assertEquals("this", recent.find(1, "this"::equals));
    assertEquals("that", recent.find(1, "that"::equals));
    assertNull(recent.find(1, "neither"::equals));
  }

  @Test
  void theOldestOfItsPlaceIsForgotten() {
    recent.put(1, "one");
    recent.put(5, "five");
    recent.put(2, "elsewhere");
    recent.put(9, "nine");
    assertNull(recent.find(1, any -> true));
    assertEquals("five", recent.find(5, any -> true));
    assertEquals("nine", recent.find(9, any -> true));
    assertEquals("elsewhere", recent.find(2, any -> true));
  }

  @Test
  void aHashOfWhichOnlyTheUpperHalfDiffersFindsItsPlace() {
    recent.put(1L << 32, "one");
    recent.put(2L << 32, "two");
    recent.put(3L << 32, "three");
    assertEquals("one", recent.find(1L << 32, any -> true));
  }

  @Test
  void placesAreAPowerOfTwo() {
    assertThrows(IllegalArgumentException.class, () -> new Recent<>(3, 1));
  }
}
