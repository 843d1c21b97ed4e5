package io.sterna.loadgen.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenChangesTest {
  private static final int VMS = 7;
  private static final int VERSIONS = 500;
  private static final int STEPS = 100_000;
  private static final Stretch STRETCH =
      new Stretch(RangePosition.unknown(RangeId.parse("10.20.0.0/24")), new int[0]);

  private record Key(int vm, int version) {}

  private record Model(int number, long dueNanos, boolean measured, Stretch stretch) {}

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
    Map<Key, Model> open = new HashMap<>();
    Random random = new Random(11);
    for (int step = 0; step < STEPS; step++) {
      // More than the arrays have room for at first.
      Key key = new Key(random.nextInt(VMS), 1 + random.nextInt(VERSIONS));
      Model known = open.get(key);
      int change = changes.of(key.vm(), key.version());
      if (known != null) {
        assertEquals(known, model(changes, change), "step " + step);
      }
      if (known != null && random.nextInt(3) == 0) {
        changes.close(change);
        open.remove(key);
      } else {
        Model said =
            new Model(change, step, random.nextBoolean(), new Stretch(STRETCH.end, new int[0]));
        changes.accept(change, said.dueNanos(), said.measured());
        changes.belongsTo(change, said.stretch());
        open.put(key, said);
      }
      assertEquals(open.size(), changes.accepted());
    }
    assertTrue(open.size() > 2 * 1024, "as many were open: " + open.size());
    List<Long> measured = new ArrayList<>();
    changes.forEachMeasured(measured::add);
    assertEquals(
        open.values().stream().filter(Model::measured).map(Model::dueNanos).sorted().toList(),
        measured.stream().sorted().toList());
    open.values().forEach(each -> changes.close(each.number()));
    assertEquals(0, changes.accepted());
  }

  @Test
  void onlyWhatWasSaidToCountCounts() {
    OpenChanges changes = new OpenChanges(VMS);
    changes.accept(changes.of(1, 1), 5, true);
    changes.accept(changes.of(1, 2), 6, false);
    assertTrue(changes.isMeasured(changes.of(1, 1)));
    assertFalse(changes.isMeasured(changes.of(1, 2)));
    assertEquals(2, changes.accepted());
  }

  private static Model model(OpenChanges changes, int change) {
    Stretch stretch = Objects.requireNonNull(changes.stretch(change));
    return new Model(change, changes.dueNanos(change), changes.isMeasured(change), stretch);
  }
}
