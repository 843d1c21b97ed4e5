package io.sterna.monitoring.matrix;

import io.sterna.protocol.FeId;
import io.sterna.protocol.SiteId;
import java.util.Optional;

/** Where forwarding elements are. */
public interface Placement {
  /** The site of an FE; empty if it is not known. */
  Optional<SiteId> siteOf(FeId fe);
}
