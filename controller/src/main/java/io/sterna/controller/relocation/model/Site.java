package io.sterna.controller.relocation.model;

import io.sterna.protocol.SiteId;

/**
 * A data center.
 *
 * @param id its name
 * @param latitude degrees, north positive
 * @param longitude degrees, east positive
 * @param vmCapacity the most VMs it takes
 * @param memoryCapacityMib the most memory of VMs it takes; {@link #ANY_MEMORY} if only their
 *     number counts
 * @param pricePerVmHour of one VM
 */
public record Site(
    SiteId id,
    double latitude,
    double longitude,
    int vmCapacity,
    long memoryCapacityMib,
    double pricePerVmHour) {
  /** Memory is no limit. */
  public static final long ANY_MEMORY = Long.MAX_VALUE;

  /**
   * @throws IllegalArgumentException naming the first value that no data center can have
   */
  public Site {
    Numbers.within("latitude", latitude, -90, 90);
    Numbers.within("longitude", longitude, -180, 180);
    Numbers.notNegative("vm_capacity", vmCapacity);
    Numbers.notNegative("memory_capacity_mib", memoryCapacityMib);
    Numbers.notNegative("price_per_vm_hour", pricePerVmHour);
  }
}
