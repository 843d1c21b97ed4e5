package io.sterna.loadgen.table;

import io.sterna.loadgen.schedule.Vms;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Bindings as the numbers of a scenario. All tables of a process share one: elements hear the same
 * lists, which are read once as long as they are the same object. Not thread-safe.
 */
public final class BindingReader {
  private static final int PLACES = 1 << 5;
  private static final int LISTS_A_PLACE = 16;

  private final Vms vms;
  private final ToIntFunction<FeId> elements;
  private final Recent<Remembered> recent = new Recent<>(PLACES, LISTS_A_PLACE);
  private final Map<RangeId, SharedRange> ranges = new HashMap<>();

  private record Remembered(List<Binding> bindings, Numbers numbers) {}

  /** The numbers of bindings, those of VMs of the scenario only. */
  static final class Numbers {
    final int size;
    final int[] vms;
    final int[] versions;
    final int[] holders;

    private Numbers(List<Binding> bindings, Vms space, ToIntFunction<FeId> elements) {
      vms = new int[bindings.size()];
      versions = new int[bindings.size()];
      holders = new int[bindings.size()];
      int count = 0;
      for (Binding binding : bindings) {
        int vm = space.vmOf(binding.address());
        if (vm >= 0) {
          vms[count] = vm;
          versions[count] = (int) binding.version();
          holders[count] =
              binding.isReleased() ? FeTable.NOWHERE : elements.applyAsInt(binding.fe());
          count++;
        }
      }
      size = count;
    }

    /** Whether the same is said in the same order: read twice, of equal lists. */
    boolean same(Numbers other) {
      return this == other
          || (size == other.size
              && Arrays.equals(vms, 0, size, other.vms, 0, size)
              && Arrays.equals(versions, 0, size, other.versions, 0, size)
              && Arrays.equals(holders, 0, size, other.holders, 0, size));
    }

    /** A {@link Bound}. */
    long bound(int i) {
      return Bound.of(versions[i], holders[i]);
    }
  }

  /**
   * @param elements the number of an element, below -1 if it is none of the scenario
   */
  public BindingReader(Vms vms, ToIntFunction<FeId> elements) {
    this.vms = vms;
    this.elements = elements;
  }

  /** The VMs of the scenario. */
  Vms vms() {
    return vms;
  }

  /** What all tables share of a range. */
  SharedRange shared(RangeId range) {
    return ranges.computeIfAbsent(
        range,
        id ->
            new SharedRange(
                RangePosition.unknown(id), vms.from(id.prefix()), vms.until(id.prefix())));
  }

  Numbers read(List<Binding> bindings) {
    int hash = System.identityHashCode(bindings);
    Remembered known = recent.find(hash, list -> list.bindings == bindings);
    if (known == null) {
      known = new Remembered(bindings, new Numbers(bindings, vms, elements));
      recent.put(hash, known);
    }
    return known.numbers;
  }
}
