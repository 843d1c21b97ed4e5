package io.sterna.loadgen.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenChangesTest {
  private static final int VMS = 7;
  private static final int STEPS = 200_000;
  private static final Stretch STRETCH =
      new Stretch(RangePosition.unknown(RangeId.parse("10.20.0.0/24")), new int[0]);

  private record Key(int vm, int version) {}

  @Test
  void aClosedChangeLeavesNothingToTheOneThatHasItsNumber() {
    OpenChanges changes = new OpenChanges(VMS);
    int first = changes.of(3, 1);
    changes.accept(first, 5, true);
    changes.belongsTo(first, STRETCH);
    changes.close(first);
    int second = changes.of(4, 9);
    assertEquals(first, second);
    assertFalse(changes.isAccepted(second));
    assertFalse(changes.isMeasured(second));
    assertNull(changes.stretch(second));
    assertEquals(0, changes.accepted());
  }

  @Test
  void anyOrderIsFollowedAsByAMap() {
    OpenChanges changes = new OpenChanges(VMS);
    Map<Key, Integer> open = new HashMap<>();
    Set<Key> accepted = new HashSet<>();
    Random random = new Random(11);
    for (int step = 0; step < STEPS; step++) {
      // More and more, past where the arrays first end, then fewer.
      int versions = step < STEPS / 2 ? 1 + step / 100 : 1 + (STEPS - step) / 100;
      Key key = new Key(random.nextInt(VMS), 1 + random.nextInt(versions));
      Integer known = open.get(key);
      int change = changes.of(key.vm(), key.version());
      assertTrue(known == null || known == change, "step " + step);
      assertEquals(accepted.contains(key), changes.isAccepted(change), "step " + step);
      if (random.nextBoolean()) {
        changes.close(change);
        open.remove(key);
        accepted.remove(key);
      } else {
        changes.accept(change, step, random.nextBoolean());
        open.put(key, change);
        accepted.add(key);
      }
      assertEquals(accepted.size(), changes.accepted());
    }
    assertEquals(open.size(), new HashSet<>(open.values()).size());
    Iterator<Integer> rest = open.values().iterator();
    long measured = open.values().stream().filter(changes::isMeasured).count();
    AtomicLong told = new AtomicLong();
    changes.forEachMeasured(due -> told.incrementAndGet());
    assertEquals(measured, told.get());
    rest.forEachRemaining(changes::close);
    assertEquals(0, changes.accepted());
  }
}
