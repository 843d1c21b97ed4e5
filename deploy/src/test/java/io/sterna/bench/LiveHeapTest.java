package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.LabException;
import org.junit.jupiter.api.Test;

class LiveHeapTest {
  @Test
  void theTotalIsTheLastLine() throws LabException {
    String histogram =
        """
        4711:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         68331        4437888  [B (java.base@17.0.15)
           2:           12         Total    Totalizer
        Total       1234567       98765432
        """;
    assertEquals(98_765_432, LiveHeap.total(histogram));
  }

  @Test
  void anAnswerWithoutATotalIsNoAnswer() {
    assertThrows(LabException.class, () -> LiveHeap.total("4711:\nCommand not found"));
  }

  @Test
  void aLivingProcessHasAHeap() throws LabException {
    assertTrue(LiveHeap.bytes(ProcessHandle.current().pid()) > 0);
  }
}
