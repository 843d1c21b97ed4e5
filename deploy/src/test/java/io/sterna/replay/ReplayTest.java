package io.sterna.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.loadgen.replay.Outcome;
import io.sterna.loadgen.replay.Replay;
import io.sterna.loadgen.replay.ReplayRow;
import io.sterna.loadgen.replay.Violation;
import io.sterna.loadgen.schedule.VmList;
import io.sterna.loadgen.table.FeTable;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.Recorded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What elements hold after a replay, and that no mutated record passes. */
class ReplayTest {
  private static final int RANGES = 3;
  private static final int ROWS = 200;

  /** A span, and what is told of it. */
  private static final class Scene {
    final JournalsOfChance journals;
    final long fromMillis;
    final long toMillis;
    final List<FeId> elements;
    final VmList vms;
    final List<ReplayRow> rows = new ArrayList<>();

    Scene(long seed) {
      journals = new JournalsOfChance(RANGES, ROWS, seed);
      Random random = new Random(seed);
      long first = journals.firstMillis();
      long length = journals.lastMillis() - first;
      fromMillis = first - 50 + random.nextInt((int) length / 2);
      toMillis = fromMillis + length / 4 + random.nextInt((int) length / 4);
      elements = new ArrayList<>(journals.elements(toMillis));
      vms = new VmList(journals.addresses());
      journals
          .span(fromMillis, toMillis)
          .forEach((Recorded each) -> rows.add(RecordedRows.told(each)));
    }

    Replay replay() {
      return replay(Map.of());
    }

    Replay replay(Map<FeId, Long> delays) {
      List<RangeId> ranges = List.copyOf(journals.stored.keySet());
      Replay replay = new Replay(vms, elements, delays, ranges);
      for (RangeId range : ranges) {
        PastTable before = journals.at(range, fromMillis);
        if (before.number() > 0) {
          replay.begin(position(range, before), before.number(), before.everBound());
        }
      }
      int told = 0;
      for (ReplayRow row : rows) {
        replay.take(row);
        if (++told % 50 == 0) {
          replay.checkpoint();
        }
      }
      replay.end();
      for (RangeId range : ranges) {
        PastTable after = journals.at(range, toMillis);
        if (after.number() > 0) {
          replay.compare(position(range, after), after.number(), after.everBound());
        }
      }
      return replay;
    }

    /** A row in the middle of the span that changes something, and is not the last of its range. */
    int middle(Random random) {
      while (true) {
        int at = random.nextInt(rows.size() / 2);
        if (!rows.get(at).changes().isEmpty()) {
          return at;
        }
      }
    }

    int nextOfSameRange(int at) {
      for (int i = at + 1; i < rows.size(); i++) {
        if (range(rows.get(i)).equals(range(rows.get(at)))) {
          return i;
        }
      }
      throw new AssertionError("no row follows " + rows.get(at));
    }
  }

  private static RangePosition position(RangeId range, PastTable table) {
    return new RangePosition(range, table.epoch(), table.revision(), table.hash());
  }

  private static RangeId range(ReplayRow row) {
    return row.delta().position().range();
  }

  @Test
  void elementsEndWithTheTableOfThatMoment() {
    for (long seed = 1; seed <= 40; seed++) {
      Scene scene = new Scene(seed);
      FeId slow = scene.elements.get((int) (seed % scene.elements.size()));
      Map<FeId, Long> delays = seed % 2 == 0 ? Map.of() : Map.of(slow, 1 + seed * 20);
      Replay replay = scene.replay(delays);
      Outcome outcome = replay.outcome();
      assertTrue(outcome.holds(), "seed " + seed + ": " + outcome.violations());
      assertEquals(scene.rows.size(), outcome.rows(), "seed " + seed);
      assertEquals(0, outcome.resyncs() + outcome.dropped(), "seed " + seed);
      assertTrue(outcome.moves() > 0 && outcome.takeovers() > 0, "seed " + seed);
      for (FeId element : scene.elements) {
        same(scene, replay.table(element), "seed " + seed + " " + element);
      }
    }
  }

  /** By the journals alone: every address, of those never bound too. */
  private static void same(Scene scene, FeTable table, String which) {
    for (RangeId range : scene.journals.stored.keySet()) {
      PastTable then = scene.journals.at(range, scene.toMillis);
      int bound = 0;
      for (int vm = scene.vms.from(range.prefix()); vm < scene.vms.until(range.prefix()); vm++) {
        String holder =
            then.binding(scene.vms.address(vm)).map(each -> each.fe().value()).orElse("-");
        int held = table.holder(vm);
        assertEquals(holder, held < 0 ? "-" : scene.elements.get(held).value(), which);
        bound += table.version(vm) > 0 ? 1 : 0;
      }
      assertEquals(then.everBound().size(), bound, which);
      for (Binding each : then.everBound()) {
        assertEquals(each.version(), table.version(scene.vms.vmOf(each.address())), which);
      }
    }
  }

  @Test
  void aRowThatIsMissingIsNamed() {
    for (long seed = 1; seed <= 20; seed++) {
      Scene scene = new Scene(seed);
      int at = scene.middle(new Random(seed));
      ReplayRow next = scene.rows.get(scene.nextOfSameRange(at));
      scene.rows.remove(at);
      Outcome outcome = scene.replay().outcome();
      named(outcome, "ChainIntact", next, "seed " + seed);
      // Elements ask for all of it and get on, as real ones do.
      assertTrue(outcome.resyncs() > 0, "seed " + seed);
    }
  }

  @Test
  void rowsInAnotherOrderAreNamed() {
    for (long seed = 1; seed <= 20; seed++) {
      Scene scene = new Scene(seed);
      int at = scene.middle(new Random(seed));
      int other = scene.nextOfSameRange(at);
      ReplayRow first = scene.rows.get(other);
      Collections.swap(scene.rows, at, other);
      Outcome outcome = scene.replay().outcome();
      named(outcome, "ChainIntact", first, "seed " + seed);
    }
  }

  @Test
  void aVersionThatGoesBackIsNamed() {
    for (long seed = 1; seed <= 20; seed++) {
      Scene scene = new Scene(seed);
      Random random = new Random(seed);
      int at = scene.middle(random);
      while (scene.rows.get(at).changes().get(0).binding().version() < 3) {
        at = scene.middle(random);
      }
      ReplayRow row = scene.rows.get(at);
      Binding was = row.changes().get(0).binding();
      Binding older = new Binding(was.address(), was.fe(), was.mac(), was.version() - 2);
      // Hashes cover it: as somebody would write it who can write whole rows.
      scene.rows.set(at, with(row, List.of(new ReplayRow.Change(older, older.version() - 1))));
      Outcome outcome = scene.replay().outcome();
      named(outcome, "NoStaleOverwrite", scene.rows.get(at), "seed " + seed);
      assertTrue(
          outcome.violations().stream().anyMatch(each -> was.address().equals(each.address())),
          "seed " + seed);
      assertFalse(outcome.violations().stream().allMatch(each -> each.element() == null));
    }
  }

  @Test
  void aClaimOfWhoHadSeenLessIsNamed() {
    Scene scene = new Scene(1);
    int at = scene.middle(new Random(1));
    ReplayRow row = scene.rows.get(at);
    List<ReplayRow.Change> changes = new ArrayList<>(row.changes());
    ReplayRow.Change honest = changes.get(0);
    changes.set(0, new ReplayRow.Change(honest.binding(), honest.seenVersion() + 1));
    scene.rows.set(
        at, new ReplayRow(row.number(), row.atEpochMillis(), 0, false, 0, changes, row.delta()));
    Outcome outcome = scene.replay().outcome();
    named(outcome, "NoStaleOverwrite", row, "");
    assertEquals(1, outcome.violations().size());
  }

  @Test
  void anEpochThatGoesBackIsNamed() {
    Scene scene = new Scene(4);
    int at = scene.rows.size() / 2;
    while (scene.rows.get(at).takeover() || scene.rows.get(at).delta().position().epoch() < 2) {
      at++;
    }
    ReplayRow row = scene.rows.get(at);
    RangePosition is = row.delta().position();
    RangePosition old = new RangePosition(is.range(), 1, is.revision(), is.hash());
    Delta delta =
        new Delta(row.delta().fromRevision(), row.delta().fromHash(), old, row.delta().changes());
    scene.rows.set(
        at, new ReplayRow(row.number(), row.atEpochMillis(), 0, false, 0, row.changes(), delta));
    Outcome outcome = scene.replay().outcome();
    named(outcome, "NoStaleOverwrite", row, "");
    assertTrue(outcome.dropped() > 0);
  }

  @Test
  void whatElementsWereNotToldIsLost() {
    Scene scene = new Scene(2);
    // The last change of its address, told to nobody.
    int at = scene.rows.size() - 1;
    while (scene.rows.get(at).changes().isEmpty()) {
      at--;
    }
    ReplayRow row = scene.rows.get(at);
    Delta delta = row.delta();
    Delta silent = new Delta(delta.fromRevision(), delta.fromHash(), delta.position(), List.of());
    scene.rows.set(
        at, new ReplayRow(row.number(), row.atEpochMillis(), 0, false, 0, row.changes(), silent));
    Outcome outcome = scene.replay().outcome();
    long addresses = delta.changes().size();
    long found = outcome.invariants().getOrDefault("NoAcknowledgedLoss", 0L);
    assertEquals(addresses * scene.elements.size(), found, outcome.violations().toString());
  }

  @Test
  void anotherTableAtTheEndIsADifference() {
    Scene scene = new Scene(3);
    Replay replay = scene.replay();
    assertTrue(replay.outcome().holds());
    RangeId range = scene.journals.stored.keySet().iterator().next();
    PastTable then = scene.journals.at(range, scene.toMillis);
    List<Binding> other = new ArrayList<>(then.everBound());
    Binding gone = other.remove(0);
    Binding moved = other.get(0);
    other.set(0, new Binding(moved.address(), new FeId("fe99"), moved.mac(), moved.version()));
    replay.compare(position(range, then), then.number(), other);
    Outcome outcome = replay.outcome();
    assertEquals(2, outcome.invariants().getOrDefault("Converges", 0L), gone.toString());
    assertEquals(moved.address(), outcome.violations().get(1).address());
  }

  private static ReplayRow with(ReplayRow row, List<ReplayRow.Change> changes) {
    Delta delta = row.delta();
    List<Binding> told = changes.stream().map(ReplayRow.Change::binding).toList();
    return new ReplayRow(
        row.number(),
        row.atEpochMillis(),
        0,
        false,
        0,
        changes,
        new Delta(delta.fromRevision(), delta.fromHash(), delta.position(), told));
  }

  /** The first violation of an invariant is that of a row, and says when. */
  private static void named(Outcome outcome, String invariant, ReplayRow row, String which) {
    Violation first =
        outcome.violations().stream()
            .filter(each -> each.invariant().equals(invariant))
            .findFirst()
            .orElseThrow(() -> new AssertionError(which + ": " + outcome));
    assertEquals(range(row), first.range(), which + ": " + first);
    assertEquals(row.number(), first.row(), which + ": " + first);
    assertEquals(row.delta().position().revision(), first.revision(), which + ": " + first);
  }
}
