package io.sterna.controller.relocation.model;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import java.util.Optional;
import java.util.Set;

/** Who talks: a VM, or clients outside. */
public sealed interface Endpoint {
  /** Where it is now. */
  SiteId site();

  /**
   * A virtual machine.
   *
   * @param address its address, which it keeps
   * @param site where it is now
   * @param memoryMib what it needs of the memory of its site, and what a migration copies
   * @param dirtyMbps how fast it writes to its memory, which a migration copies again
   * @param movable false: pinned to where it is
   * @param antiAffinity VMs of one group are never moved together on one site
   * @param allowedSites where it may be moved to; empty: anywhere
   */
  record Vm(
      IpAddress address,
      SiteId site,
      long memoryMib,
      double dirtyMbps,
      boolean movable,
      Optional<String> antiAffinity,
      Set<SiteId> allowedSites)
      implements Endpoint {
    /**
     * @throws IllegalArgumentException naming the first value that no VM can have
     */
    public Vm {
      Numbers.memory("memory_mib", memoryMib);
      Numbers.notNegative("dirty_mbps", dirtyMbps);
      allowedSites = Set.copyOf(allowedSites);
    }

    /** A VM that may be moved anywhere. */
    public static Vm movable(IpAddress address, SiteId site, long memoryMib) {
      return new Vm(address, site, memoryMib, 0, true, Optional.empty(), Set.of());
    }

    /** A VM that stays where it is. */
    public static Vm pinned(IpAddress address, SiteId site, long memoryMib) {
      return new Vm(address, site, memoryMib, 0, false, Optional.empty(), Set.of());
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }

  /**
   * Clients outside, by the prefix of their addresses: their traffic enters at a site, they take no
   * room there, and nobody moves them.
   *
   * @param prefix their addresses
   * @param site where their traffic enters
   */
  record Clients(IpPrefix prefix, SiteId site) implements Endpoint {
    @Override
    public String toString() {
      return prefix.toString();
    }
  }
}
