package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.store.event.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Claims, and what an operator asked for before them, decided together.
 *
 * @param ordered what became of what an operator asked for, in order
 * @param decisions one a claim, in order
 * @param entries what has to be committed: changes, refusals and notes, in order; empty if all only
 *     repeated what stands
 */
public record Batch(List<Decision> ordered, List<Decision> decisions, List<Entry> entries) {
  public Batch {
    ordered = List.copyOf(ordered);
    decisions = List.copyOf(decisions);
    entries = List.copyOf(entries);
  }

  /** The bindings as they are after the batch, at most one an address, in order of last change. */
  public List<Binding> changes() {
    Map<IpAddress, Binding> last = new LinkedHashMap<>();
    for (Entry entry : entries) {
      if (entry instanceof Entry.Change change) {
        last.remove(change.binding().address());
        last.put(change.binding().address(), change.binding());
      }
    }
    return List.copyOf(last.values());
  }
}
