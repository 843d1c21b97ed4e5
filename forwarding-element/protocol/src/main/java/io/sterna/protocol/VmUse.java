package io.sterna.protocol;

/**
 * What a VM uses, as its hypervisor says.
 *
 * @param address its address, or one of them
 * @param memoryMib how much memory it has
 * @param dirtyKbps how fast it writes to that; 0 = not known
 */
public record VmUse(IpAddress address, long memoryMib, long dirtyKbps) {
  /** 2^40 MiB: no VM has more. */
  public static final long MEMORY_MIB_MAX = 1L << 40;

  /** A petabit a second: no VM writes faster. */
  public static final long DIRTY_KBPS_MAX = 1_000_000_000_000L;

  /**
   * @throws IllegalArgumentException if it has no memory, or a number is beyond what can be
   */
  public VmUse {
    if (memoryMib < 1 || memoryMib > MEMORY_MIB_MAX) {
      throw new IllegalArgumentException("a VM of " + memoryMib + " MiB");
    }
    if (dirtyKbps < 0 || dirtyKbps > DIRTY_KBPS_MAX) {
      throw new IllegalArgumentException("a VM that writes " + dirtyKbps + " kbit/s");
    }
  }
}
