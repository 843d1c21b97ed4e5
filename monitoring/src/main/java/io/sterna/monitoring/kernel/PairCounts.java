package io.sterna.monitoring.kernel;

import io.sterna.protocol.IpAddress;
import java.util.Arrays;

/**
 * What was counted of many pairs, in one array of numbers: as objects they would take three times
 * the memory.
 */
public final class PairCounts {
  private static final int WAY_IN = 0;
  private static final int SOURCE = 1;
  private static final int DESTINATION = 3;
  private static final int BYTES = 5;
  private static final int PACKETS = 6;
  private static final int WORDS = 7;
  private static final int FIRST_PAIRS = 1024;

  private static final WayIn[] WAYS = WayIn.values();

  private long[] words = new long[FIRST_PAIRS * WORDS];
  private int size;

  /** Gets one pair after the other. */
  public interface Visitor {
    /** What one pair was counted with. */
    void onPair(WayIn wayIn, IpAddress source, IpAddress destination, long bytes, long packets);
  }

  /** How many pairs. */
  public int size() {
    return size;
  }

  /** Bytes of all pairs. */
  public long bytes() {
    return sum(BYTES);
  }

  /** Packets of all pairs. */
  public long packets() {
    return sum(PACKETS);
  }

  /** Hands on every pair, in no certain order. */
  public void forEach(Visitor visitor) {
    for (int at = 0; at < size * WORDS; at += WORDS) {
      visitor.onPair(
          WAYS[(int) words[at + WAY_IN]],
          new IpAddress(words[at + SOURCE], words[at + SOURCE + 1]),
          new IpAddress(words[at + DESTINATION], words[at + DESTINATION + 1]),
          words[at + BYTES],
          words[at + PACKETS]);
    }
  }

  /** The next pair; addresses in host order, IPv4 mapped. */
  void add(
      int wayIn,
      long sourceHigh,
      long sourceLow,
      long destinationHigh,
      long destinationLow,
      long bytes,
      long packets) {
    int at = size * WORDS;
    if (at == words.length) {
      words = Arrays.copyOf(words, 2 * words.length);
    }
    words[at + WAY_IN] = wayIn;
    words[at + SOURCE] = sourceHigh;
    words[at + SOURCE + 1] = sourceLow;
    words[at + DESTINATION] = destinationHigh;
    words[at + DESTINATION + 1] = destinationLow;
    words[at + BYTES] = bytes;
    words[at + PACKETS] = packets;
    size++;
  }

  private long sum(int word) {
    long sum = 0;
    for (int at = word; at < size * WORDS; at += WORDS) {
      sum += words[at];
    }
    return sum;
  }
}
