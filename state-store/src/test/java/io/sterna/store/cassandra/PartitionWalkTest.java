package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PartitionWalkTest {
  private static final long ROWS = JournalReader.PARTITION_ROWS;

  /**
   * Reads as the journal's reader does: the next page is read when the one before is handed out.
   */
  private static final class Reading {
    final NavigableSet<Long> table;
    final PartitionWalk walk;
    final List<Long> given = new ArrayList<>();
    List<Long> coming;
    boolean more;
    boolean ended;

    Reading(NavigableSet<Long> table, long from) {
      this.table = table;
      this.walk = new PartitionWalk(from);
      this.coming = List.of();
      ask(from);
    }

    private void ask(long from) {
      long end = (walk.partition() + 1) * ROWS + 1;
      long begin = Math.max(from, walk.partition() * ROWS + 1);
      NavigableSet<Long> left =
          begin < end ? table.subSet(begin, true, end, false) : new TreeSet<>();
      coming = left.stream().limit(5_000).toList();
      more = left.size() > coming.size();
    }

    void step() {
      List<Long> page = coming;
      if (!page.isEmpty() && !walk.take(page.get(page.size() - 1))) {
        ask(walk.from());
        return;
      }
      given.addAll(page);
      if (more) {
        ask(page.get(page.size() - 1) + 1);
      } else if (walk.next()) {
        ask(walk.from());
      } else {
        ended = true;
      }
    }
  }

  private static NavigableSet<Long> numbers(long first, long last) {
    NavigableSet<Long> numbers = new TreeSet<>();
    for (long i = first; i <= last; i++) {
      numbers.add(i);
    }
    return numbers;
  }

  @Test
  void aRangeThatGrowsAcrossBordersHasNoHole() {
    int crossed = 0;
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      long last = ROWS - 1 - random.nextInt(3_000);
      long from = last - random.nextInt(10_000);
      Reading reading = new Reading(numbers(from, last), from);
      while (!reading.ended) {
        // A page that is no whole one was the newest when it was read; it lies there meanwhile.
        if (last < 3 * ROWS && random.nextInt(3) == 0) {
          long more = last + random.nextInt(30_000);
          reading.table.addAll(numbers(last + 1, more));
          last = more;
        }
        reading.step();
      }
      long end = from + reading.given.size() - 1;
      assertEquals(List.copyOf(numbers(from, end)), reading.given, "seed " + seed);
      crossed += end > ROWS ? 1 : 0;
    }
    assertTrue(crossed > 10, "crossed " + crossed);
  }

  @Test
  void whatWasRemovedStaysAHole() {
    NavigableSet<Long> table = numbers(1, 3 * ROWS);
    table.removeAll(numbers(ROWS - 10, 2 * ROWS + 5));
    Reading reading = new Reading(table, 1);
    while (!reading.ended) {
      reading.step();
    }
    assertEquals(List.copyOf(table), reading.given);
  }

  @Test
  void twoEmptyPartitionsAreTheEnd() {
    NavigableSet<Long> table = numbers(1, 10);
    table.addAll(numbers(3 * ROWS + 1, 3 * ROWS + 5));
    Reading reading = new Reading(table, 1);
    while (!reading.ended) {
      reading.step();
    }
    assertEquals(List.copyOf(numbers(1, 10)), reading.given);
  }
}
