package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.lab.LabException;
import java.util.List;
import org.junit.jupiter.api.Test;

class JavaMemoryTest {
  private static final String HEAP =
      "4711:\n garbage-first heap   total 196608K, used 122590K"
          + " [0x00000000e0000000, 0x0000000100000000)\n  region size 1024K, 76 young (77824K)\n";

  @Test
  void whatBeginsInTheHeapIsLeftOut() throws LabException {
    List<String> mappings =
        List.of(
            "dffff000-e0000000 rw-p 00000000 00:00 0 ",
            "Rss:                   4 kB",
            "Pss:                   1 kB",
            "e0000000-ec000000 rw-p 00000000 00:00 0 ",
            "Rss:              172820 kB",
            "ec000000-100000000 ---p 00000000 00:00 0 ",
            "Rss:                1000 kB",
            "7fd324000000-7fd325bff000 rw-p 00000000 00:00 0                          [anon]",
            "Size:              28668 kB",
            "Rss:               25036 kB",
            "Swap:                 16 kB",
            "SwapPss:              99 kB",
            "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
            "Rss:                   8 kB");
    assertEquals((4 + 25_036 + 16 + 8) * 1024, JavaMemory.Heap.of(HEAP).outside(mappings));
  }

  @Test
  void aHeapOfSeveralSpacesIsOne() throws LabException {
    String serial =
        """
        4711:
         def new generation   total 9K, used 8K [0x10000, 0x14000, 0x18000)
          eden space 8K, 70% used [0x10000, 0x11000, 0x12000)
         tenured generation   total 9K, used 8K [0x18000, 0x19000, 0x20000)
        """;
    List<String> mappings =
        List.of(
            "0ffff-10000 rw-p 00000000 00:00 0 ",
            "Rss:                   1 kB",
            "10000-11000 rw-p 00000000 00:00 0 ",
            "Rss:                   2 kB",
            "19000-20000 rw-p 00000000 00:00 0 ",
            "Rss:                   4 kB",
            "20000-21000 rw-p 00000000 00:00 0 ",
            "Rss:                   8 kB");
    assertEquals((1 + 8) * 1024, JavaMemory.Heap.of(serial).outside(mappings));
  }

  @Test
  void withoutAHeapThereIsNoOutside() {
    assertThrows(LabException.class, () -> JavaMemory.Heap.of("Command not found"));
  }

  @Test
  void aLivingProcessHasBoth() throws LabException {
    long pid = ProcessHandle.current().pid();
    JavaMemory own = JavaMemory.of(pid, JavaMemory.Heap.of(pid));
    assertTrue(own.liveHeapBytes() > 0);
    assertTrue(own.outsideBytes() > 0);
    assertEquals(own.liveHeapBytes() + own.outsideBytes(), own.totalBytes());
  }
}
