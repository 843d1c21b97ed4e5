package io.sterna.store.audit;

import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.IpAddress;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import io.sterna.store.event.RangeSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The bindings of a range as its rows say, up to any row: no second store that could disagree. Not
 * thread-safe.
 */
public final class PastTable {
  private final Map<IpAddress, Binding> bindings = new HashMap<>();
  private long number;
  private long epoch;
  private long revision;
  private ChainHash hash = ChainHash.GENESIS;

  /** Where a table ends: {@code true} of the first row that is not part of it any more. */
  public interface End extends Predicate<Recorded> {
    /** What holds at this moment: a row written within it belongs to it. */
    static End atMillis(long epochMillis) {
      return recorded -> recorded.atEpochMillis() > epochMillis;
    }

    /** What holds after the change with this number. */
    static End atRevision(long revision) {
      return recorded -> recorded.row().lastRevision() > revision;
    }
  }

  /** A binding of an address at two moments; null where it had none. */
  public record Difference(IpAddress address, @Nullable Binding before, @Nullable Binding after) {}

  /** The table of one moment. */
  public static PastTable at(Iterator<Recorded> record, End end) {
    PastTable table = new PastTable();
    while (record.hasNext()) {
      Recorded next = record.next();
      if (end.test(next)) {
        break;
      }
      table.apply(next.number(), next.row());
    }
    return table;
  }

  /**
   * What differs between two moments, in order of address. An address that changed and changed back
   * differs in its version.
   *
   * @param from not after {@code to}
   */
  public static List<Difference> between(Iterator<Recorded> record, End from, End to) {
    PastTable table = new PastTable();
    Map<IpAddress, Optional<Binding>> before = new HashMap<>();
    boolean started = false;
    while (record.hasNext()) {
      Recorded next = record.next();
      if (to.test(next)) {
        break;
      }
      started = started || from.test(next);
      if (started && next.row() instanceof RangeCommitted committed) {
        for (Entry entry : committed.entries()) {
          if (entry instanceof Entry.Change change) {
            IpAddress address = change.binding().address();
            before.putIfAbsent(address, table.binding(address));
          }
        }
      }
      table.apply(next.number(), next.row());
    }
    List<Difference> differences = new ArrayList<>();
    before.forEach(
        (address, old) -> {
          Optional<Binding> now = table.binding(address);
          if (!old.equals(now)) {
            differences.add(new Difference(address, old.orElse(null), now.orElse(null)));
          }
        });
    differences.sort(Comparator.comparing(Difference::address));
    return differences;
  }

  /**
   * Takes over a row that follows.
   *
   * @return the first address whose version does not follow, with what is wrong; null = none
   */
  public @Nullable String apply(long rowNumber, RangeEvent row) {
    @Nullable String wrong = null;
    if (row instanceof RangeCommitted committed) {
      for (Entry entry : committed.entries()) {
        if (entry instanceof Entry.Change change) {
          Binding old = bindings.put(change.binding().address(), change.binding());
          long version = old == null ? 0 : old.version();
          if (wrong == null && version != change.previousVersion()) {
            wrong =
                "%s goes from version %d to %d"
                    .formatted(change.binding().address(), version, change.binding().version());
          }
        }
      }
    }
    number = rowNumber;
    epoch = row.epoch();
    revision = row.lastRevision();
    hash = row.hash();
    return wrong;
  }

  /** Whether a snapshot says exactly this. */
  boolean matches(RangeSnapshot snapshot) {
    return snapshot.bindings().size() == bindings.size()
        && snapshot.bindings().stream()
            .allMatch(binding -> binding.equals(bindings.get(binding.address())));
  }

  /** The binding of an address; empty if it had none, or it was released. */
  public Optional<Binding> binding(IpAddress address) {
    return Optional.ofNullable(bindings.get(address)).filter(binding -> !binding.isReleased());
  }

  /** In order of address, released ones left out. */
  public List<Binding> bindings() {
    return bindings.values().stream()
        .filter(binding -> !binding.isReleased())
        .sorted(Comparator.comparing(Binding::address))
        .toList();
  }

  /** In order of address, also what is left of those that were released. */
  public List<Binding> everBound() {
    return bindings.values().stream().sorted(Comparator.comparing(Binding::address)).toList();
  }

  /** The last row of it; 0 = none. */
  public long number() {
    return number;
  }

  /** The epoch of that row; 0 = none. */
  public long epoch() {
    return epoch;
  }

  /** The count of changes until then. */
  public long revision() {
    return revision;
  }

  /** The hash of that row. */
  public ChainHash hash() {
    return hash;
  }
}
