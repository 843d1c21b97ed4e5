package io.sterna.loadgen.check;

import java.util.Arrays;

/** The newest acknowledged version of each VM, and where it was acknowledged. */
public final class Acknowledged {
  private final int[] versions;
  private final int[] holders;

  /** Nothing acknowledged yet. */
  public Acknowledged(int vms) {
    versions = new int[vms];
    holders = new int[vms];
    Arrays.fill(holders, -1);
  }

  /** An element was told that a VM is bound to it. */
  public void add(int vm, int version, int fe) {
    if (version > versions[vm]) {
      versions[vm] = version;
      holders[vm] = fe;
    }
  }

  /** The newest version; 0 if none was acknowledged. */
  public int version(int vm) {
    return versions[vm];
  }

  /** The number of the element that was told; -1 if none was. */
  public int holder(int vm) {
    return holders[vm];
  }
}
