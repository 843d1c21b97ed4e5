package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Bindings by address: a hash table with linear probing in two arrays, 36 bytes a slot and at most
 * three slots in four in use, so 48 to 96 bytes a binding. Objects would take three times as much.
 * Not thread-safe.
 */
final class BindingTable {
  private static final int SLOTS_MIN = 16;

  /** Of a slot: address (high, low), MAC, version. */
  private static final int WORDS = 4;

  private static final int EMPTY = 0;

  private final List<FeId> names = new ArrayList<>();
  private final Map<FeId, Integer> numbers = new HashMap<>();
  private long[] words = new long[SLOTS_MIN * WORDS];

  /** Of a slot: the number of its forwarding element, from 1; {@link #EMPTY} if it is free. */
  private int[] fes = new int[SLOTS_MIN];

  private int size;

  /** The slots in use in order of address; null after an address came or went. */
  private int @Nullable [] ascending;

  int size() {
    return size;
  }

  @Nullable Binding get(IpAddress address) {
    int slot = slotOf(address);
    return fes[slot] == EMPTY ? null : binding(slot, address);
  }

  /** Returns what was there before. */
  @Nullable Binding put(Binding binding) {
    int slot = slotOf(binding.address());
    Binding before = fes[slot] == EMPTY ? null : binding(slot, binding.address());
    if (before == null) {
      ascending = null;
      size++;
      if (size * 4L > fes.length * 3L) {
        grow();
        slot = slotOf(binding.address());
      }
    }
    write(slot, binding);
    return before;
  }

  /** Returns what was there. */
  @Nullable Binding remove(IpAddress address) {
    int slot = slotOf(address);
    if (fes[slot] == EMPTY) {
      return null;
    }
    Binding before = binding(slot, address);
    ascending = null;
    size--;
    fes[slot] = EMPTY;
    closeGap(slot);
    return before;
  }

  /**
   * At most {@code limit} of some bindings in order of address, those after an address or the
   * first.
   */
  List<Binding> page(@Nullable IpAddress after, int limit, Predicate<Binding> wanted) {
    int[] slots = ascending();
    List<Binding> page = new ArrayList<>();
    int i = after == null ? 0 : firstAfter(slots, after);
    while (i < slots.length && page.size() < limit) {
      Binding binding = binding(slots[i], address(slots[i]));
      if (wanted.test(binding)) {
        page.add(binding);
      }
      i++;
    }
    return page;
  }

  private int[] ascending() {
    int[] slots = ascending;
    if (slots == null) {
      slots =
          IntStream.range(0, fes.length)
              .filter(slot -> fes[slot] != EMPTY)
              .boxed()
              .sorted((one, other) -> address(one).compareTo(address(other)))
              .mapToInt(Integer::intValue)
              .toArray();
      ascending = slots;
    }
    return slots;
  }

  private int firstAfter(int[] slots, IpAddress after) {
    int low = 0;
    int high = slots.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (address(slots[middle]).compareTo(after) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Where the address is, or the free slot where it belongs. */
  private int slotOf(IpAddress address) {
    int mask = fes.length - 1;
    int slot = address.hashCode() & mask;
    while (fes[slot] != EMPTY && !isAt(slot, address)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private boolean isAt(int slot, IpAddress address) {
    int word = slot * WORDS;
    return words[word + 1] == address.low() && words[word] == address.high();
  }

  private IpAddress address(int slot) {
    return new IpAddress(words[slot * WORDS], words[slot * WORDS + 1]);
  }

  private Binding binding(int slot, IpAddress address) {
    int word = slot * WORDS;
    FeId fe = names.get(fes[slot] - 1);
    return new Binding(address, fe, new MacAddress(words[word + 2]), words[word + 3]);
  }

  private void write(int slot, Binding binding) {
    int word = slot * WORDS;
    words[word] = binding.address().high();
    words[word + 1] = binding.address().low();
    words[word + 2] = binding.mac().bits();
    words[word + 3] = binding.version();
    fes[slot] = numberOf(binding.fe());
  }

  private int numberOf(FeId fe) {
    Integer number = numbers.get(fe);
    if (number == null) {
      names.add(fe);
      number = names.size();
      numbers.put(fe, number);
    }
    return number;
  }

  private void grow() {
    long[] oldWords = words;
    int[] oldFes = fes;
    words = new long[oldWords.length * 2];
    fes = new int[oldFes.length * 2];
    for (int old = 0; old < oldFes.length; old++) {
      if (oldFes[old] != EMPTY) {
        int from = old * WORDS;
        int slot = slotOf(new IpAddress(oldWords[from], oldWords[from + 1]));
        System.arraycopy(oldWords, from, words, slot * WORDS, WORDS);
        fes[slot] = oldFes[old];
      }
    }
  }

  /** Moves back what was pushed behind the freed slot (Knuth, volume 3, 6.4, algorithm R). */
  private void closeGap(int freed) {
    int mask = fes.length - 1;
    int gap = freed;
    for (int slot = (freed + 1) & mask; fes[slot] != EMPTY; slot = (slot + 1) & mask) {
      int home = address(slot).hashCode() & mask;
      boolean reachesGap = ((slot - home) & mask) >= ((slot - gap) & mask);
      if (reachesGap) {
        System.arraycopy(words, slot * WORDS, words, gap * WORDS, WORDS);
        fes[gap] = fes[slot];
        fes[slot] = EMPTY;
        gap = slot;
      }
    }
    Arrays.fill(words, gap * WORDS, (gap + 1) * WORDS, 0);
  }
}
