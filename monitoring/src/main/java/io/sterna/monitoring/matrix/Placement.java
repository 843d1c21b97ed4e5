package io.sterna.monitoring.matrix;

import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import java.util.Optional;

/** Where VMs are now. */
public interface Placement {
  /** The site of a VM; empty for what is no VM, or not placed. */
  Optional<SiteId> siteOf(IpPrefix endpoint);
}
