package io.sterna.store.event;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Everything a range holds at a row: replay starts here instead of at the first row. It is only a
 * short cut; the journal remains the record.
 *
 * @param epoch the epoch of the row
 * @param revision the revision after the row
 * @param hash the hash of the row
 * @param bindings ascending by address whatever the order given, at most {@value #MAX_BINDINGS}
 */
public record RangeSnapshot(long epoch, long revision, ChainHash hash, List<Binding> bindings) {
  /** Keeps the packed form (some 10 bytes a binding) below what one Cassandra mutation can hold. */
  public static final int MAX_BINDINGS = 1 << 20;

  private static final Comparator<Binding> BY_ADDRESS = Comparator.comparing(Binding::address);

  /**
   * @throws IllegalArgumentException if the epoch or revision is below 0, there are too many
   *     bindings, or an address appears twice
   */
  public RangeSnapshot {
    Checks.atLeast(0, epoch, "epoch");
    Checks.atLeast(0, revision, "revision");
    if (bindings.size() > MAX_BINDINGS) {
      throw new IllegalArgumentException(
          "a snapshot has at most " + MAX_BINDINGS + " bindings, not " + bindings.size());
    }
    bindings = ascending(bindings);
  }

  private static List<Binding> ascending(List<Binding> bindings) {
    List<Binding> sorted = new ArrayList<>(bindings);
    // Linear when they are ascending already, as decoded ones are.
    sorted.sort(BY_ADDRESS);
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).address().equals(sorted.get(i - 1).address())) {
        throw new IllegalArgumentException(sorted.get(i).address() + " is bound twice");
      }
    }
    return List.copyOf(sorted);
  }
}
