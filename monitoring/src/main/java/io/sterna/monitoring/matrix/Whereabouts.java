package io.sterna.monitoring.matrix;

import io.sterna.protocol.SiteId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * At which site an endpoint is. A VM is at one at a time, so the latest word counts. Clients
 * outside may come in at several: the site that has most of their traffic is found by a majority
 * vote of bytes (Boyer and Moore) in which older votes fade. Some sites' votes may be equal to all
 * others'; then it is one of them.
 */
final class Whereabouts {
  private @Nullable SiteId site;
  private double votes;
  private long atMillis;

  Optional<SiteId> site() {
    return Optional.ofNullable(site);
  }

  /** A VM is there. */
  void heardAt(SiteId there) {
    site = there;
  }

  /** So many bytes of clients came in or went out there. */
  void vote(SiteId there, long bytes, long nowMillis, double constantMs) {
    votes *= Math.exp((double) (atMillis - nowMillis) / constantMs);
    atMillis = nowMillis;
    if (there.equals(site)) {
      votes += (double) bytes;
    } else if ((double) bytes > votes) {
      site = there;
      votes = (double) bytes - votes;
    } else {
      votes -= (double) bytes;
    }
  }
}
