package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks checkpoints one after the other, and keeps the newest heads of each range. */
public final class CheckpointChain {
  /**
   * So many heads of a range are kept: one says all about the rows before it, several tell since
   * when a record is not the one that was signed.
   */
  static final int HEADS_MAX = 64;

  private final Collection<PublicKey> keys;
  private final Map<RangeId, Deque<Head>> heads = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private ChainHash previous = ChainHash.GENESIS;
  private long number;
  private long count;
  private long atEpochMillis;

  /**
   * @param keys who may sign
   */
  public CheckpointChain(Collection<PublicKey> keys) {
    this.keys = List.copyOf(keys);
  }

  /** Takes the next checkpoint, in order of their numbers. */
  public void add(Checkpoint checkpoint) {
    count++;
    Checkpoint.Content content;
    try {
      content = checkpoint.content();
    } catch (IllegalArgumentException e) {
      faults.add("a checkpoint after " + number + " cannot be read: " + e.getMessage());
      return;
    }
    if (!checkpoint.isSignedBy(keys)) {
      faults.add("checkpoint " + content.number() + " is not signed by a known key");
      return;
    }
    if (content.number() == number && checkpoint.hash().equals(previous)) {
      return;
    }
    if (content.number() != number + 1) {
      faults.add(
          "between checkpoints %d and %d are %d missing"
              .formatted(number, content.number(), content.number() - number - 1));
    } else if (!content.previous().equals(previous)) {
      faults.add("checkpoint %d does not follow checkpoint %d".formatted(content.number(), number));
    }
    number = content.number();
    previous = checkpoint.hash();
    atEpochMillis = content.atEpochMillis();
    content.heads().forEach(this::keep);
  }

  /** Takes one of a copy that is kept elsewhere: what the store should have, too. */
  public void addFromCopy(Checkpoint checkpoint) {
    try {
      long copied = checkpoint.content().number();
      if (copied > number && checkpoint.isSignedBy(keys)) {
        faults.add("checkpoint " + copied + " is in the copy only");
        count--;
        add(checkpoint);
      }
    } catch (IllegalArgumentException e) {
      faults.add("the copy has a line that is no checkpoint: " + e.getMessage());
    }
  }

  private void keep(Head head) {
    Deque<Head> kept = heads.computeIfAbsent(head.range(), range -> new ArrayDeque<>());
    kept.addLast(head);
    if (kept.size() > HEADS_MAX) {
      kept.removeFirst();
    }
  }

  /** The kept heads of a range; none if it was never signed. */
  public List<Head> heads(RangeId range) {
    return List.copyOf(heads.getOrDefault(range, new ArrayDeque<>()));
  }

  /** The newest head of each range. */
  public Map<RangeId, Head> newest() {
    Map<RangeId, Head> newest = new TreeMap<>();
    heads.forEach((range, kept) -> newest.put(range, kept.getLast()));
    return newest;
  }

  /** What is wrong, one line each. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  /** How many there were. */
  public long count() {
    return count;
  }

  /** The number of the newest; 0 = none. */
  public long number() {
    return number;
  }

  /** The hash of the newest. */
  public ChainHash hash() {
    return previous;
  }

  /** When the newest was signed; 0 = never. */
  public long atEpochMillis() {
    return atEpochMillis;
  }
}
