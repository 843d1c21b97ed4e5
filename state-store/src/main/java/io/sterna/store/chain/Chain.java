package io.sterna.store.chain;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * The audit chain: hash of a row = SHA-256 (hash of the row before it, canonical bytes of the row).
 *
 * <p>Whoever knows the last hash can tell whether any earlier row was changed, removed, added or
 * reordered. The bytes are those of {@link EventCodec#canonicalBytes}.
 */
public final class Chain {
  private Chain() {}

  /**
   * The hash of a row with these canonical bytes that follows the row with hash {@code previous}.
   */
  public static ChainHash next(ChainHash previous, byte[] canonicalBytes) {
    MessageDigest digest = sha256();
    digest.update(previous.toBytes());
    return ChainHash.ofBytes(digest.digest(canonicalBytes));
  }

  /** A row of decisions, sealed with its hash. Arguments as of {@link RangeCommitted}. */
  public static RangeCommitted committed(
      long epoch,
      long firstRevision,
      long atEpochMillis,
      List<Entry> entries,
      ChainHash previousHash) {
    RangeCommitted open =
        new RangeCommitted(
            epoch, firstRevision, atEpochMillis, entries, previousHash, ChainHash.GENESIS);
    return new RangeCommitted(
        epoch, firstRevision, atEpochMillis, open.entries(), previousHash, hashOf(open));
  }

  /** The first row of an epoch, sealed with its hash. Arguments as of {@link RangeActivated}. */
  public static RangeActivated activated(
      RangeId range,
      long epoch,
      ControllerId controller,
      long lastRevision,
      long atEpochMillis,
      ChainHash previousHash) {
    RangeActivated open =
        new RangeActivated(
            range, epoch, controller, lastRevision, atEpochMillis, previousHash, ChainHash.GENESIS);
    return new RangeActivated(
        range, epoch, controller, lastRevision, atEpochMillis, previousHash, hashOf(open));
  }

  /** What the hash of a row ought to be, whatever hash it carries. */
  public static ChainHash hashOf(RangeEvent row) {
    return next(row.previousHash(), EventCodec.canonicalBytes(row));
  }

  /**
   * Checks that a row follows the row with hash {@code head} and was not altered.
   *
   * @return what is wrong, in one line; empty = nothing
   */
  public static Optional<String> fault(ChainHash head, RangeEvent row) {
    if (!row.previousHash().equals(head)) {
      return Optional.of(
          "row at revision "
              + row.lastRevision()
              + " follows "
              + row.previousHash()
              + ", but the row before it is "
              + head);
    }
    ChainHash computed = hashOf(row);
    if (!computed.equals(row.hash())) {
      return Optional.of(
          "row at revision "
              + row.lastRevision()
              + " has hash "
              + computed
              + ", but says "
              + row.hash());
    }
    return Optional.empty();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
