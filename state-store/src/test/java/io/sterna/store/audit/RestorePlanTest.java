package io.sterna.store.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.PastTable.End;
import io.sterna.store.audit.RestorePlan.Step;
import io.sterna.store.trial.RandomJournal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RestorePlanTest {
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/24");
  private static final IpPrefix HALF = IpPrefix.parse("10.10.0.0/27");

  /** A journal made by chance, and what it says at every place. */
  private static final class Past {
    final List<StoredRow> rows = new ArrayList<>();
    final TreeMap<Long, List<Binding>> byMoment = new TreeMap<>();
    final Random random;

    Past(long seed) {
      random = new Random(seed);
      RandomJournal journal = new RandomJournal(RANGE, RecordOfChance.SHAPE, seed);
      while (rows.size() < 400 || !journal.atEndOfPlace()) {
        rows.add(journal.next());
        if (journal.atEndOfPlace()) {
          byMoment.put(journal.atEpochMillis(), journal.bindings());
        }
      }
    }

    RestorePlan plan(long moment, long lastRow, Optional<IpPrefix> prefix) {
      RangeRecord record = RangeRecord.whole(RANGE, rows.iterator());
      return RestorePlan.of(record, End.atMillis(moment), lastRow, prefix);
    }

    long anyMoment() {
      List<Long> all = List.copyOf(byMoment.keySet());
      return all.get(random.nextInt(all.size()));
    }

    List<Binding> at(long moment) {
      return byMoment.getOrDefault(moment, List.of());
    }
  }

  @Test
  void theStepsMadeGiveTheTableOfThen() {
    for (long seed = 1; seed <= 20; seed++) {
      Past past = new Past(seed);
      List<Binding> now = past.byMoment.lastEntry().getValue();
      for (int i = 0; i < 15; i++) {
        long moment = past.anyMoment();
        RestorePlan plan = past.plan(moment, Long.MAX_VALUE, Optional.empty());
        Map<IpAddress, String> made = places(now);
        for (Step step : plan.steps()) {
          Binding standing = step.now();
          assertEquals(made.get(step.address()), standing == null ? null : place(standing));
          assertNotEquals(made.get(step.address()), place(step.then()), "nothing needless");
          if (step.then() == null) {
            made.remove(step.address());
          } else {
            made.put(step.address(), place(step.then()));
          }
        }
        assertEquals(places(past.at(moment)), made, "seed " + seed + " at " + moment);
      }
      assertEquals(
          List.of(),
          past.plan(past.byMoment.lastKey(), Long.MAX_VALUE, Optional.empty()).steps(),
          "nothing is to be done for now");
    }
  }

  @Test
  void aPrefixLeavesAllOthersAlone() {
    Past past = new Past(7);
    long moment = past.byMoment.firstKey();
    List<Step> all = past.plan(moment, Long.MAX_VALUE, Optional.empty()).steps();
    List<Step> half = past.plan(moment, Long.MAX_VALUE, Optional.of(HALF)).steps();
    assertEquals(all.stream().filter(step -> HALF.contains(step.address())).toList(), half);
    assertTrue(half.size() < all.size() && !half.isEmpty(), half.size() + " of " + all.size());
  }

  @Test
  void whatIsRecordedLaterDoesNotChangeAPlanThatWasShown() {
    Past past = new Past(11);
    long moment = past.byMoment.firstKey();
    RestorePlan shown = past.plan(moment, 150, Optional.empty());
    assertEquals(150, shown.row());
    RestorePlan again = past.plan(moment, shown.row(), Optional.empty());
    assertEquals(shown, again);
    String digest = shown.digest(moment, Optional.empty());
    assertEquals(digest, again.digest(moment, Optional.empty()));
    RestorePlan other = past.plan(moment, 151, Optional.empty());
    assertNotEquals(digest, other.digest(moment, Optional.empty()));
    assertNotEquals(digest, shown.digest(moment - 1, Optional.empty()), "another moment");
    assertNotEquals(digest, shown.digest(moment, Optional.of(HALF)), "another prefix");
  }

  @Test
  void theVersionIsThatOfNowAlsoOfWhatIsAttachedNowhere() {
    Past past = new Past(3);
    Map<IpAddress, Long> versions = new HashMap<>();
    RangeRecord.whole(RANGE, past.rows.iterator())
        .forEachRemaining(
            recorded ->
                AuditEntry.of(recorded).stream()
                    .filter(each -> each.entry() instanceof io.sterna.store.event.Entry.Change)
                    .map(each -> ((io.sterna.store.event.Entry.Change) each.entry()).binding())
                    .forEach(binding -> versions.put(binding.address(), binding.version())));
    List<Step> steps =
        past.plan(past.byMoment.firstKey(), Long.MAX_VALUE, Optional.empty()).steps();
    steps.forEach(step -> assertEquals(versions.get(step.address()), step.version()));
    assertTrue(steps.stream().anyMatch(step -> step.then() == null));
  }

  @Test
  void ofBeforeTheFirstRowNothingIsLeftAttached() {
    Past past = new Past(1);
    List<Step> steps = past.plan(0, Long.MAX_VALUE, Optional.empty()).steps();
    assertEquals(past.byMoment.lastEntry().getValue().size(), steps.size());
    assertTrue(steps.stream().allMatch(step -> step.then() == null));
  }

  private static Map<IpAddress, String> places(List<Binding> bindings) {
    Map<IpAddress, String> places = new TreeMap<>();
    bindings.forEach(binding -> places.put(binding.address(), place(binding)));
    return places;
  }

  private static String place(@org.jspecify.annotations.Nullable Binding binding) {
    return binding == null ? "" : binding.fe() + "/" + binding.mac();
  }
}
