package io.sterna.agent.table;

import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.Arrays;

/**
 * The bindings of one range in parallel arrays, found by address and by hardware address.
 *
 * <p>A binding is a slot. Both indexes are chained hash tables whose links live in the arrays too.
 * The protocol never forgets a single address (a released one keeps its version, and a snapshot
 * replaces the whole range), so slots are only appended and overwritten, and nothing has to be
 * compacted. Released addresses have no hardware address to be found by. A full slot costs 52
 * bytes: two longs of address, MAC, version, the element's number, two links and one head in each
 * index.
 */
final class RangeBindings {
  private static final int INITIAL_CAPACITY = 16;
  private static final int NONE = -1;

  private int size;
  private int releasedCount;
  private long[] high;
  private long[] low;
  private long[] mac;
  private long[] version;
  private int[] fe;
  private int[] nextByAddress;
  private int[] nextByMac;
  private int[] addressHeads;
  private int[] macHeads;

  RangeBindings() {
    high = new long[INITIAL_CAPACITY];
    low = new long[INITIAL_CAPACITY];
    mac = new long[INITIAL_CAPACITY];
    version = new long[INITIAL_CAPACITY];
    fe = new int[INITIAL_CAPACITY];
    nextByAddress = new int[INITIAL_CAPACITY];
    nextByMac = new int[INITIAL_CAPACITY];
    addressHeads = emptyHeads(INITIAL_CAPACITY);
    macHeads = emptyHeads(INITIAL_CAPACITY);
  }

  int size() {
    return size;
  }

  /** The number of addresses that are bound. */
  int boundCount() {
    return size - releasedCount;
  }

  /** The slot of an address, or -1. Slots are 0 to {@code size() - 1}. */
  int slotOf(IpAddress address) {
    int slot = addressHeads[bucket(address.hashCode())];
    while (slot != NONE && (low[slot] != address.low() || high[slot] != address.high())) {
      slot = nextByAddress[slot];
    }
    return slot;
  }

  /** The first slot with this hardware address, or -1. */
  int firstSlotOf(MacAddress wanted) {
    return sameMac(wanted.bits(), macHeads[bucket(hashOfMac(wanted.bits()))]);
  }

  /** The next slot with the same hardware address, or -1. */
  int nextSlotOfSameMac(int slot) {
    return sameMac(mac[slot], nextByMac[slot]);
  }

  /** Binds an address, in place if it is bound already, and returns its slot. */
  int put(Binding binding, int feNumber) {
    int slot = slotOf(binding.address());
    if (slot == NONE) {
      slot = append(binding.address());
      setMac(slot, binding.mac().bits());
    } else if (mac[slot] != binding.mac().bits()) {
      if (isReleased(slot)) {
        releasedCount--;
      } else {
        unlinkMac(slot);
      }
      setMac(slot, binding.mac().bits());
    }
    version[slot] = binding.version();
    fe[slot] = feNumber;
    return slot;
  }

  private void setMac(int slot, long bits) {
    mac[slot] = bits;
    if (isReleased(slot)) {
      releasedCount++;
    } else {
      linkMac(slot);
    }
  }

  /** Whether the address of a slot is attached nowhere. */
  boolean isReleased(int slot) {
    return mac[slot] == MacAddress.NONE.bits();
  }

  IpAddress address(int slot) {
    return new IpAddress(high[slot], low[slot]);
  }

  MacAddress mac(int slot) {
    return new MacAddress(mac[slot]);
  }

  long version(int slot) {
    return version[slot];
  }

  int fe(int slot) {
    return fe[slot];
  }

  private int append(IpAddress address) {
    if (size == high.length) {
      grow();
    }
    int slot = size++;
    high[slot] = address.high();
    low[slot] = address.low();
    linkAddress(slot);
    return slot;
  }

  private void grow() {
    int capacity = 2 * high.length;
    high = Arrays.copyOf(high, capacity);
    low = Arrays.copyOf(low, capacity);
    mac = Arrays.copyOf(mac, capacity);
    version = Arrays.copyOf(version, capacity);
    fe = Arrays.copyOf(fe, capacity);
    nextByAddress = new int[capacity];
    nextByMac = new int[capacity];
    addressHeads = emptyHeads(capacity);
    macHeads = emptyHeads(capacity);
    for (int slot = 0; slot < size; slot++) {
      linkAddress(slot);
      if (!isReleased(slot)) {
        linkMac(slot);
      }
    }
  }

  private void linkAddress(int slot) {
    int bucket = bucket(address(slot).hashCode());
    nextByAddress[slot] = addressHeads[bucket];
    addressHeads[bucket] = slot;
  }

  private void linkMac(int slot) {
    int bucket = bucket(hashOfMac(mac[slot]));
    nextByMac[slot] = macHeads[bucket];
    macHeads[bucket] = slot;
  }

  private void unlinkMac(int slot) {
    int bucket = bucket(hashOfMac(mac[slot]));
    if (macHeads[bucket] == slot) {
      macHeads[bucket] = nextByMac[slot];
      return;
    }
    int before = macHeads[bucket];
    while (nextByMac[before] != slot) {
      before = nextByMac[before];
    }
    nextByMac[before] = nextByMac[slot];
  }

  private int sameMac(long bits, int from) {
    int slot = from;
    while (slot != NONE && mac[slot] != bits) {
      slot = nextByMac[slot];
    }
    return slot;
  }

  /** The capacity is a power of two. */
  private int bucket(int hash) {
    return hash & (addressHeads.length - 1);
  }

  private static int hashOfMac(long bits) {
    return (int) ((bits * 0x9e3779b97f4a7c15L) >>> 32);
  }

  private static int[] emptyHeads(int capacity) {
    int[] heads = new int[capacity];
    Arrays.fill(heads, NONE);
    return heads;
  }
}
