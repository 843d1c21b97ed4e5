package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The comparison has each figure once, and its ratios have the bars that matter. */
class PeerSuiteTest {
  private final List<Target> all = PeerSuite.all();

  @Test
  void everyTargetHasANameOfItsOwn() {
    List<String> names = all.stream().map(Target::name).toList();
    assertEquals(names.size(), new HashSet<>(names).size(), names::toString);
  }

  @Test
  void ratiosHaveTheirBars() {
    assertEquals(Optional.of(Bar.atLeast(4)), one("changes-8-fes-fsync-to-etcd").bar());
    assertEquals(Optional.of(Bar.atLeast(1)), one("changes-2-agents-to-best").bar());
    assertEquals(Optional.of(Bar.atLeast(1)), one("changes-8-agents-to-best").bar());
  }

  @Test
  void whatSternaSharesWithTheBenchIsTheSame() {
    for (String name : List.of("changes-8-fes", "changes-8-agents", "latency-100-p99")) {
      Target own = Suite.named(Suite.all(), name).get(0);
      assertEquals(own.bar(), one(name).bar());
      assertTrue(own.bar().isPresent());
    }
  }

  private Target one(String name) {
    List<Target> found = all.stream().filter(each -> each.name().equals(name)).toList();
    assertEquals(1, found.size(), name);
    return found.get(0);
  }
}
