package io.sterna.bench;

import io.sterna.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Java process needs: the live objects of its heap, and what it has in memory outside the
 * heap (direct buffers, threads, code). Not what its heap has grown to: that is mostly garbage, and
 * grows for minutes to its limit whatever the process holds on to.
 *
 * @param liveHeapBytes after a collection of everything
 * @param outsideBytes outside the heap, resident or swapped out
 */
record JavaMemory(long liveHeapBytes, long outsideBytes) {
  private static final Pattern MAPPING = Pattern.compile("^([0-9a-f]+)-[0-9a-f]+ .*");
  private static final Pattern IN_MEMORY = Pattern.compile("^(?:Rss|Swap): +(\\d+) kB$");
  private static final int KIBIBYTE = 1024;
  private static final int HEXADECIMAL = 16;

  /**
   * Where the heap of a process lies, for as long as the process lives.
   *
   * @param from the first address
   * @param to the address behind the last
   */
  record Heap(long from, long to) {
    /** Where a space of the heap begins and ends: G1 has one, others have several. */
    private static final Pattern SPACE =
        Pattern.compile("\\[0x([0-9a-f]+),(?: 0x[0-9a-f]+,)* 0x([0-9a-f]+)\\)");

    /**
     * @throws LabException if there is no {@code jcmd}, or the process does not answer it
     */
    static Heap of(long pid) throws LabException {
      return of(LiveHeap.jcmd(pid, "GC.heap_info"));
    }

    /** As the answer to {@code jcmd GC.heap_info} says. */
    static Heap of(String info) throws LabException {
      long from = Long.MAX_VALUE;
      long to = 0;
      for (Matcher space = SPACE.matcher(info); space.find(); ) {
        from = Math.min(from, address(space.group(1)));
        to = Math.max(to, address(space.group(2)));
      }
      if (to == 0) {
        throw new LabException("jcmd does not say where the heap is");
      }
      return new Heap(from, to);
    }

    /**
     * The bytes in memory of all mappings ({@code /proc/PID/smaps}) that do not begin here. The
     * kernel does not merge others with the heap's, which Java reserves as one.
     */
    long outside(List<String> mappings) {
      boolean here = false;
      long kibibytes = 0;
      for (String line : mappings) {
        Matcher mapping = MAPPING.matcher(line);
        Matcher inMemory = IN_MEMORY.matcher(line);
        if (mapping.matches()) {
          long at = address(mapping.group(1));
          here = at >= from && at < to;
        } else if (!here && inMemory.matches()) {
          kibibytes += Long.parseLong(inMemory.group(1));
        }
      }
      return kibibytes * KIBIBYTE;
    }

    /** What the kernel keeps for itself is negative, and in no heap. */
    private static long address(String hexadecimal) {
      return Long.parseUnsignedLong(hexadecimal, HEXADECIMAL);
    }
  }

  /**
   * Collects all garbage of a process and counts.
   *
   * @throws LabException if there is no {@code jcmd}, or the process or the kernel does not answer
   */
  static JavaMemory of(long pid, Heap heap) throws LabException {
    long live = LiveHeap.bytes(pid);
    try {
      List<String> mappings = Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps"));
      return new JavaMemory(live, heap.outside(mappings));
    } catch (IOException e) {
      throw new LabException("cannot read the memory of process " + pid + ": " + e, e);
    }
  }

  long totalBytes() {
    return liveHeapBytes + outsideBytes;
  }
}
