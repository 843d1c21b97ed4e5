package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.LabException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StallMemoryTest {
  private static final long OWN = ProcessHandle.current().pid();
  private static final LoadPlan.Stall SHORT =
      new LoadPlan.Stall(Duration.ofMillis(1), Duration.ofMillis(1));
  private static final LoadPlan.Stall LONG =
      new LoadPlan.Stall(Duration.ofHours(1), Duration.ofHours(1));

  @Test
  void aReadingThatComesTooLateIsNone() {
    StallMemory memory = new StallMemory(OWN, SHORT);
    memory.measuring();
    assertTrue(failure(memory).contains("--stall-seconds"), failure(memory));
  }

  @Test
  void aLoadThatEndsTooSoonWasNotRead() {
    StallMemory memory = new StallMemory(OWN, LONG);
    memory.measuring();
    assertEquals("the load ended before the controller's memory was read", failure(memory));
  }

  @Test
  void aProcessThatCannotBeReadEndsNoLoad() {
    // None has this number.
    StallMemory memory = new StallMemory(Integer.MAX_VALUE, SHORT);
    memory.measuring();
    memory.measuring();
    assertTrue(failure(memory).contains("jcmd"), failure(memory));
  }

  private static String failure(StallMemory memory) {
    Map<String, Object> conditions = new HashMap<>();
    LabException failure =
        assertThrows(LabException.class, () -> memory.growthMebibytes(conditions));
    assertTrue(conditions.isEmpty());
    return String.valueOf(failure.getMessage());
  }
}
