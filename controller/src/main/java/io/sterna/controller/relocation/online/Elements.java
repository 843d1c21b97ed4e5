package io.sterna.controller.relocation.online;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;
import java.util.Optional;

/** Who is asked to move a VM. */
public interface Elements {
  /** The element where a VM runs. */
  Optional<FeId> of(IpAddress vm);

  /** An element of a site that may take one more. */
  Optional<FeId> at(SiteId site);

  /** Whether policy lets a site take a VM: all of its addresses. */
  boolean hasRoom(IpAddress vm, SiteId site);
}
