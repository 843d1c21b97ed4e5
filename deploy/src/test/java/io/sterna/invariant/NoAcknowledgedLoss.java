package io.sterna.invariant;

import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Whatever was acknowledged is in what every later owner of its range reads. */
public final class NoAcknowledgedLoss {
  private final Map<RangeId, Set<Binding>> acknowledged = new TreeMap<>();

  /** A claimant was told that this is committed. */
  public void acknowledged(RangeId range, Binding binding) {
    acknowledged.computeIfAbsent(range, r -> new LinkedHashSet<>()).add(binding);
  }

  /** The number of changes that were acknowledged. */
  public int count() {
    return acknowledged.values().stream().mapToInt(Set::size).sum();
  }

  /** Says which acknowledged versions an owner does not know that holds these bindings now. */
  public List<String> checkContent(RangeId range, Collection<Binding> bindings) {
    Map<IpAddress, Binding> held = new TreeMap<>();
    bindings.forEach(binding -> held.put(binding.address(), binding));
    List<String> wrong = new ArrayList<>();
    for (Binding promised : acknowledged.getOrDefault(range, Set.of())) {
      Binding now = held.get(promised.address());
      boolean kept =
          now != null
              && (now.version() > promised.version()
                  || (now.version() == promised.version() && now.equals(promised)));
      if (!kept) {
        wrong.add(promised + " was acknowledged, but an owner of " + range + " holds " + now);
      }
    }
    return wrong;
  }

  /** Says which acknowledged changes are not in the history of their range. */
  public List<String> checkHistory(RangeId range, Collection<? extends RangeEvent> rows) {
    Set<Binding> written = new HashSet<>();
    for (RangeEvent row : rows) {
      if (row instanceof RangeCommitted committed) {
        for (Entry entry : committed.entries()) {
          if (entry instanceof Entry.Change change) {
            written.add(change.binding());
          }
        }
      }
    }
    List<String> wrong = new ArrayList<>();
    for (Binding promised : acknowledged.getOrDefault(range, Set.of())) {
      if (!written.contains(promised)) {
        wrong.add(promised + " was acknowledged, but is not in the history of " + range);
      }
    }
    return wrong;
  }
}
