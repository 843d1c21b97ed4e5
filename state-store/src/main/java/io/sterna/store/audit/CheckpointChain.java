package io.sterna.store.audit;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangeId;
import io.sterna.store.codec.SignedText;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks checkpoints one after the other, and keeps the newest heads of each range. */
public final class CheckpointChain {
  /**
   * So many heads of a range are kept: one says all about the rows before it, several tell since
   * when a record is not the one that was signed.
   */
  static final int HEADS_MAX = 64;

  /** So many faults are kept; more are counted. */
  static final int FAULTS_MAX = 1000;

  private final Collection<PublicKey> keys;
  private final Prefix trusted;
  private final Map<RangeId, Deque<Head>> heads = new TreeMap<>();

  /** Of checkpoints that only the copy has: newer ones of the store must not displace them. */
  private final Map<RangeId, Deque<Head>> copied = new TreeMap<>();

  private final SeenCheckpoints seen = new SeenCheckpoints();
  private final List<String> faults = new ArrayList<>();
  private final Unsigned unsigned = new Unsigned("checkpoint");
  private final Unsigned unsignedCopies = new Unsigned("checkpoint of the copy");
  private long moreFaults;
  private ChainHash previous = ChainHash.GENESIS;
  private long number;
  private long count;
  private long unsignedSince;
  private long atEpochMillis;
  private Prefix read = Prefix.NONE;
  private Prefix good = Prefix.NONE;
  private boolean trustHeld;

  /**
   * The first checkpoints of the store, all of them signed by known keys.
   *
   * @param digest of all their bytes
   */
  public record Prefix(long count, ChainHash digest) {
    /** None of them. */
    public static final Prefix NONE = new Prefix(0, ChainHash.GENESIS);

    private Prefix with(Checkpoint next) {
      try {
        MessageDigest digester = MessageDigest.getInstance("SHA-256");
        digester.update(digest.toBytes());
        digester.update(next.hash().toBytes());
        digester.update(SignedText.bytes(next.signature()));
        return new Prefix(count + 1, ChainHash.ofBytes(digester.digest()));
      } catch (GeneralSecurityException e) {
        throw new AssertionError("every Java platform has SHA-256", e);
      }
    }
  }

  /** All that no known key signed, in one line: a key that is no longer listed makes many. */
  private static final class Unsigned {
    private final String what;
    private long count;
    private long first;
    private long last;

    Unsigned(String what) {
      this.what = what;
    }

    void add(long number) {
      first = count == 0 ? number : Math.min(first, number);
      last = count == 0 ? number : Math.max(last, number);
      count++;
    }

    Stream<String> fault() {
      if (count == 0) {
        return Stream.of();
      }
      return Stream.of(
          count == 1
              ? "%s %d is not signed by a known key".formatted(what, first)
              : "%d %ss, %d to %d, are not signed by a known key: must an older key be listed?"
                  .formatted(count, what, first, last));
    }
  }

  /**
   * @param keys who may sign
   */
  public CheckpointChain(Collection<PublicKey> keys) {
    this(keys, Prefix.NONE);
  }

  /**
   * Signatures take far longer than all the rest: those of a prefix that was checked before are not
   * checked again. Whether it is still the same is known only behind it ({@link #trustHeld}).
   *
   * @param keys who may sign
   */
  public CheckpointChain(Collection<PublicKey> keys, Prefix trusted) {
    this.keys = List.copyOf(keys);
    this.trusted = trusted;
    this.trustHeld = trusted.count() == 0;
  }

  /** Takes the next checkpoint, in order of their numbers. */
  public void add(Checkpoint checkpoint) {
    count++;
    boolean goodSoFar = good.equals(read);
    read = read.with(checkpoint);
    trustHeld |= read.equals(trusted);
    Checkpoint.Content content;
    try {
      content = checkpoint.content();
    } catch (IllegalArgumentException e) {
      fault("a checkpoint after " + number + " cannot be read: " + e.getMessage());
      return;
    }
    seen.add(content.number(), checkpoint);
    if (read.count() > trusted.count() && !checkpoint.isSignedBy(keys)) {
      unsigned.add(content.number());
      unsignedSince++;
      return;
    }
    if (goodSoFar) {
      good = read;
    }
    if (content.number() == number && checkpoint.hash().equals(previous)) {
      return;
    }
    follow(content);
    number = content.number();
    previous = checkpoint.hash();
    atEpochMillis = content.atEpochMillis();
    unsignedSince = 0;
    content.heads().forEach(head -> keep(heads, head));
  }

  private void follow(Checkpoint.Content next) {
    if (next.number() != number + 1) {
      // Those that nobody known signed are there, and a fault of their own.
      if (next.number() - number - 1 != unsignedSince) {
        fault(
            "between checkpoints %d and %d are %d missing"
                .formatted(number, next.number(), next.number() - number - 1 - unsignedSince));
      }
    } else if (!next.previous().equals(previous)) {
      fault("checkpoint %d does not follow checkpoint %d".formatted(next.number(), number));
    }
  }

  /**
   * Takes one of a copy that is kept elsewhere, in any order, after all of the store: what the
   * store should have, too. What it says of the ranges counts whatever the store has instead.
   */
  public void addFromCopy(Checkpoint checkpoint) {
    try {
      Checkpoint.Content content = checkpoint.content();
      long of = content.number();
      if (seen.has(of, checkpoint)) {
        return;
      }
      if (!checkpoint.isSignedBy(keys)) {
        unsignedCopies.add(of);
        return;
      }
      fault(
          seen.has(of)
              ? "checkpoint " + of + " is another one in the copy"
              : "checkpoint " + of + " is in the copy only");
      if (of > number) {
        number = of;
        previous = checkpoint.hash();
        atEpochMillis = content.atEpochMillis();
      }
      content.heads().forEach(head -> keep(copied, head));
    } catch (IllegalArgumentException e) {
      badCopy(e.getMessage());
    }
  }

  /** The copy has a line that cannot be read. */
  public void badCopy(@Nullable String why) {
    fault("the copy has a line that is no checkpoint: " + why);
  }

  private void fault(String fault) {
    if (faults.size() < FAULTS_MAX) {
      faults.add(fault);
    } else {
      moreFaults++;
    }
  }

  private static void keep(Map<RangeId, Deque<Head>> heads, Head head) {
    Deque<Head> kept = heads.computeIfAbsent(head.range(), range -> new ArrayDeque<>());
    kept.addLast(head);
    if (kept.size() > HEADS_MAX) {
      kept.removeFirst();
    }
  }

  /** The kept heads of a range; none if it was never signed. */
  public List<Head> heads(RangeId range) {
    return Stream.of(heads, copied)
        .flatMap(each -> each.getOrDefault(range, new ArrayDeque<>()).stream())
        .toList();
  }

  /** The ranges of which something was signed. */
  public Set<RangeId> ranges() {
    Set<RangeId> ranges = new TreeSet<>(heads.keySet());
    ranges.addAll(copied.keySet());
    return ranges;
  }

  /** Whether the prefix that was trusted is there as it was; else none of this is sure. */
  public boolean trustHeld() {
    return trustHeld;
  }

  /** As many of the first as were all signed by known keys: these need not be checked again. */
  public Prefix checkedPrefix() {
    return good;
  }

  /** What is wrong, one line each. */
  public List<String> faults() {
    return Stream.of(
            faults.stream(),
            Stream.of(moreFaults + " more faults").filter(more -> moreFaults > 0),
            unsigned.fault(),
            unsignedCopies.fault())
        .flatMap(each -> each)
        .toList();
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
