package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import io.sterna.store.event.Entry;
import java.util.ArrayList;
import java.util.List;

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

  /** The bindings as they are after the batch, one a changed address, in order of address. */
  public List<Binding> changes() {
    List<Binding> changes = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (entry instanceof Entry.Change change) {
        changes.add(change.binding());
      }
    }
    return LatestBindings.of(changes);
  }
}
