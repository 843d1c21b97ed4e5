package io.sterna.controller.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.controller.policy.PolicySettings.DampingRule;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DampingTest {
  private static final IpAddress VM = IpAddress.parse("10.10.1.11");
  private static final IpAddress OTHER = IpAddress.parse("10.10.1.12");
  private static final long S = 1_000_000_000;
  private static final DampingRule RULE =
      new DampingRule(3, Duration.ofSeconds(10), Duration.ofSeconds(30), Set.of(Evidence.RARP));

  private final Damping damping = new Damping(RULE);
  private final List<Entry> audit = new ArrayList<>();
  private long version = 1;

  @Test
  void aMoveTooManyIsRefusedAndDampsTheAddress() {
    for (int move = 0; move < 3; move++) {
      assertTrue(moves(VM, move * S));
    }
    assertEquals(List.of(), audit);
    assertFalse(moves(VM, 9 * S));
    assertTrue(damping.isDamped(VM));
    assertEquals(List.of(new Entry.Noted(VM, Note.DAMPED, 4)), audit);
    assertTrue(moves(OTHER, 9 * S), "others are not concerned");
  }

  @Test
  void whoMovesSeldomIsNeverDamped() {
    for (int move = 0; move < 100; move++) {
      assertTrue(moves(VM, move * 10L * S / 3 + 1));
    }
    assertEquals(1, damping.trackedCount());
  }

  @Test
  void dampingEndsByItselfAndNothingIsHeldAgainstTheAddressAfterwards() {
    damp(0);
    assertFalse(moves(VM, 30 * S - 1));
    audit.clear();
    assertTrue(moves(VM, 30 * S));
    assertEquals(List.of(new Entry.Noted(VM, Note.DAMPING_OVER, 4)), audit);
    assertTrue(moves(VM, 30 * S));
    assertTrue(moves(VM, 30 * S));
    assertFalse(moves(VM, 30 * S));
  }

  @Test
  void aSweepEndsWhatIsOverAndNoMore() {
    damp(0);
    damping.sweep(30 * S - 1, 10, audit);
    assertEquals(1, damping.dampedCount());
    audit.clear();
    damping.sweep(30 * S, 0, audit);
    assertEquals(1, damping.dampedCount());
    damping.sweep(30 * S, 10, audit);
    assertEquals(0, damping.dampedCount());
    assertEquals(List.of(new Entry.Noted(VM, Note.DAMPING_OVER, 4)), audit);
  }

  @Test
  void whatIsLeftOfTheHoldIsKnown() {
    long nearTheEndOfTheClock = Long.MAX_VALUE - S;
    damp(nearTheEndOfTheClock);
    assertEquals(30 * S, damping.remainingNanos(VM, nearTheEndOfTheClock));
    assertEquals(25 * S, damping.remainingNanos(VM, nearTheEndOfTheClock + 5 * S));
    assertEquals(0, damping.remainingNanos(VM, nearTheEndOfTheClock + 31 * S), "not swept yet");
    assertEquals(0, damping.remainingNanos(OTHER, nearTheEndOfTheClock));
    damping.clear(VM, Policies.ORDER, audit);
    assertEquals(0, damping.remainingNanos(VM, nearTheEndOfTheClock));
  }

  @Test
  void anOperatorEndsItAtOnce() {
    damp(0);
    audit.clear();
    assertTrue(damping.clear(VM, Policies.ORDER, audit));
    assertEquals(List.of(new Entry.Cleared(VM, Policies.ORDER, 4)), audit);
    assertFalse(damping.clear(VM, Policies.ORDER, audit));
    assertTrue(moves(VM, S));
  }

  @Test
  void exemptMovesNeitherCountNorAreHeldBack() {
    for (int move = 0; move < 10; move++) {
      assertTrue(moves(VM, 0, Evidence.RARP));
    }
    assertEquals(0, damping.trackedCount());
    damp(0);
    assertTrue(moves(VM, S, Evidence.RARP));
    assertFalse(moves(VM, S), "still damped for everybody else");
    audit.clear();
    damping.clear(VM, Policies.ORDER, audit);
    assertEquals(version, ((Entry.Cleared) audit.get(0)).version(), "the version of now");
  }

  @Test
  void whoDidNotMoveForAWindowIsForgotten() {
    for (int host = 0; host < 1000; host++) {
      moves(IpAddress.ofV4(host), 0);
    }
    assertEquals(1000, damping.trackedCount());
    for (int host = 0; host < 1000; host++) {
      moves(VM, 10 * S + host * 4L * S);
    }
    assertEquals(1, damping.trackedCount());
  }

  @Test
  void memoryIsBounded() {
    for (int host = 0; host < 2 * Damping.TRACKED_MAX; host++) {
      moves(IpAddress.ofV4(host), 0);
    }
    assertEquals(Damping.TRACKED_MAX, damping.trackedCount());
  }

  /** The same as remembering everything: within a window never more moves than are allowed. */
  @Property(tries = 500)
  void isWhatAFullMemoryWouldDecide(@ForAll("steps") List<Step> steps) {
    Damping damped = new Damping(RULE);
    Map<IpAddress, List<Long>> moved = new HashMap<>();
    Map<IpAddress, Long> heldUntil = new HashMap<>();
    long now = Long.MAX_VALUE - 20 * S;
    for (Step step : steps) {
      now += step.pauseNanos();
      IpAddress address = IpAddress.ofV4(step.host());
      List<Long> before = moved.computeIfAbsent(address, a -> new ArrayList<>());
      long at = now;
      boolean free = heldUntil.get(address) == null || at - heldUntil.get(address) >= 0;
      if (free && heldUntil.remove(address) != null) {
        before.clear();
      }
      boolean expected =
          free && before.stream().filter(earlier -> at - earlier < 10 * S).count() < 3;
      assertEquals(
          !expected, damped.refuses(address, 1, Evidence.ARP_REQUEST, at, new ArrayList<>()));
      if (expected) {
        damped.moved(address, 1, Evidence.ARP_REQUEST, at);
        before.add(at);
      } else if (free) {
        heldUntil.put(address, at + 30 * S);
      }
    }
  }

  record Step(int host, long pauseNanos) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 3),
            Arbitraries.oneOf(
                Arbitraries.longs().between(0, 2 * S), Arbitraries.longs().between(0, 20 * S)))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  private void damp(long at) {
    while (moves(VM, at)) {
      assertTrue(version < 100, "never damped");
    }
  }

  private boolean moves(IpAddress address, long at) {
    return moves(address, at, Evidence.GRATUITOUS_ARP);
  }

  private boolean moves(IpAddress address, long at, Evidence evidence) {
    if (damping.refuses(address, version, evidence, at, audit)) {
      return false;
    }
    version++;
    damping.moved(address, version, evidence, at);
    return true;
  }
}
