package io.sterna.simulation;

import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.OrderedChange;
import io.sterna.controller.range.Orders;
import io.sterna.store.event.Entry;
import java.util.List;

/** What the claimants of a batch had really seen. */
final class SeenVersions {
  private SeenVersions() {}

  /** The entry as it would say so. */
  static Entry of(Entry entry, Orders orders) {
    for (OrderedChange change : orders.changes()) {
      long seen = change.seenVersion();
      if (entry instanceof Entry.Assigned assigned
          && assigned.binding().address().equals(change.address())) {
        return new Entry.Assigned(
            assigned.binding(), assigned.order(), seen, assigned.previousFe());
      } else if (entry instanceof Entry.Withdrawn withdrawn
          && withdrawn.binding().address().equals(change.address())) {
        return new Entry.Withdrawn(withdrawn.mac(), withdrawn.binding(), withdrawn.order(), seen);
      }
    }
    return entry;
  }

  /** The entry as it would say so; the last claim of an element for an address counts. */
  static Entry of(Entry entry, List<ClaimRequest> claims) {
    if (!(entry instanceof Entry.Bound bound)) {
      return entry;
    }
    long seen = bound.seenVersion();
    for (ClaimRequest request : claims) {
      if (request.fe().equals(bound.claimedBy())
          && request.claim().address().equals(bound.binding().address())) {
        seen = request.claim().seenVersion();
      }
    }
    return new Entry.Bound(
        bound.binding(), bound.evidence(), bound.claimedBy(), seen, bound.previousFe());
  }
}
