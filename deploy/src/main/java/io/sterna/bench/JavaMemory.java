package io.sterna.bench;

import io.sterna.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a Java process needs: the live objects of its heap, and what it has in the machine outside
 * the heap (direct buffers, threads, code). Not what its heap has grown to: that is mostly garbage,
 * and grows for minutes to its limit whatever the process holds on to.
 *
 * @param liveHeapBytes after a collection of everything
 * @param outsideBytes resident outside the heap
 */
record JavaMemory(long liveHeapBytes, long outsideBytes) {
  /** Where a space of the heap begins and ends: G1 has one, others have several. */
  private static final Pattern SPACE =
      Pattern.compile("\\[0x([0-9a-f]+),(?: 0x[0-9a-f]+,)* 0x([0-9a-f]+)\\)");

  private static final Pattern MAPPING = Pattern.compile("^([0-9a-f]+)-[0-9a-f]+ .*");
  private static final Pattern RESIDENT = Pattern.compile("^Rss: +(\\d+) kB$");
  private static final int KIBIBYTE = 1024;
  private static final int HEXADECIMAL = 16;

  /**
   * Collects all garbage of a process and counts.
   *
   * @throws LabException if there is no {@code jcmd}, or the process or the kernel does not answer
   */
  static JavaMemory of(long pid) throws LabException {
    long live = LiveHeap.bytes(pid);
    String heap = Tool.output(LiveHeap.jcmd(pid, "GC.heap_info"));
    try {
      List<String> mappings = Files.readAllLines(Path.of("/proc", String.valueOf(pid), "smaps"));
      return new JavaMemory(live, outside(heap, mappings));
    } catch (IOException e) {
      throw new LabException("cannot read the memory of process " + pid + ": " + e, e);
    }
  }

  long totalBytes() {
    return liveHeapBytes + outsideBytes;
  }

  /** The resident bytes of all mappings ({@code /proc/PID/smaps}) that do not begin in the heap. */
  static long outside(String heapInfo, List<String> mappings) throws LabException {
    long from = Long.MAX_VALUE;
    long to = 0;
    for (Matcher space = SPACE.matcher(heapInfo); space.find(); ) {
      from = Math.min(from, address(space.group(1)));
      to = Math.max(to, address(space.group(2)));
    }
    if (to == 0) {
      throw new LabException("jcmd does not say where the heap is");
    }
    boolean inHeap = false;
    long kibibytes = 0;
    for (String line : mappings) {
      Matcher mapping = MAPPING.matcher(line);
      Matcher resident = RESIDENT.matcher(line);
      if (mapping.matches()) {
        long at = address(mapping.group(1));
        inHeap = at >= from && at < to;
      } else if (!inHeap && resident.matches()) {
        kibibytes += Long.parseLong(resident.group(1));
      }
    }
    return kibibytes * KIBIBYTE;
  }

  /** What the kernel keeps for itself is negative, and in no heap. */
  private static long address(String hexadecimal) {
    return Long.parseUnsignedLong(hexadecimal, HEXADECIMAL);
  }
}
