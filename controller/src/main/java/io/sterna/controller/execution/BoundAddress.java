package io.sterna.controller.execution;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.SiteId;
import java.util.Set;

/**
 * An address of a VM, and where that is.
 *
 * @param mac the VM's: addresses at one element with one MAC are one VM
 * @param settled whether it may be moved: its VM answers, and is not damped
 * @param allowedSites where policy lets it be; empty: anywhere
 */
public record BoundAddress(
    IpAddress address, MacAddress mac, FeId fe, boolean settled, Set<SiteId> allowedSites) {
  public BoundAddress {
    allowedSites = Set.copyOf(allowedSites);
  }
}
