package io.sterna.controller.policy;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which addresses are being moved by a plan, and between which elements. Whoever keeps the plans
 * says so again and again while a migration lasts: each word counts for {@value #LEASE_SECONDS} s.
 * So a new owner of the range knows soon, and nothing has to be taken back.
 *
 * <p>Memory: at most {@value #MAX} addresses; beyond, the one that was said longest ago is
 * forgotten. Times are nanoseconds of any clock that does not go back.
 */
final class Migrations {
  static final int LEASE_SECONDS = 60;
  static final int MAX = 1024;

  private static final long LEASE_NANOS = LEASE_SECONDS * 1_000_000_000L;

  /** In the order in which they lapse, because all last equally long. */
  private final LinkedHashMap<IpAddress, Lease> leases = new LinkedHashMap<>();

  private record Lease(FeId from, FeId to, long untilNanos) {}

  /** An address is being moved. */
  void said(IpAddress address, FeId from, FeId to, long nowNanos) {
    leases.remove(address);
    leases.put(address, new Lease(from, to, nowNanos + LEASE_NANOS));
    Iterator<Map.Entry<IpAddress, Lease>> oldest = leases.entrySet().iterator();
    while (oldest.hasNext()) {
      boolean isOver = oldest.next().getValue().untilNanos() - nowNanos <= 0;
      if (!isOver && leases.size() <= MAX) {
        return;
      }
      oldest.remove();
    }
  }

  /** Whether an element is the source or the target of an address that is being moved. */
  boolean concern(IpAddress address, FeId fe, long nowNanos) {
    if (leases.isEmpty()) {
      return false;
    }
    Lease lease = leases.get(address);
    return lease != null
        && lease.untilNanos() - nowNanos > 0
        && (fe.equals(lease.from()) || fe.equals(lease.to()));
  }

  int count() {
    return leases.size();
  }
}
