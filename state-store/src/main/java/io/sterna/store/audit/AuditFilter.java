package io.sterna.store.audit;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.store.event.Entry;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are asked for; null = any.
 *
 * @param prefix only entries about an address in it; one address is a prefix of full length
 * @param elements only entries that concern one of these
 * @param cause only this one
 * @param who only what this element, operator or controller did
 * @param reason only this reason or evidence, as {@link AuditEntry#word} writes it
 * @param what only this, as {@link AuditEntry#what} says it
 * @param fromMillis not before
 * @param toMillis not after
 */
public record AuditFilter(
    @Nullable IpPrefix prefix,
    @Nullable Set<FeId> elements,
    AuditEntry.@Nullable Cause cause,
    @Nullable String who,
    @Nullable String reason,
    @Nullable String what,
    long fromMillis,
    long toMillis) {
  /** Everything about one prefix. */
  public static AuditFilter of(IpPrefix prefix) {
    return new AuditFilter(prefix, null, null, null, null, null, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The same without a time before which nothing is wanted. */
  public AuditFilter fromAnyTime() {
    return new AuditFilter(prefix, elements, cause, who, reason, what, Long.MIN_VALUE, toMillis);
  }

  /** Whether an entry is asked for. */
  public boolean matches(AuditEntry entry) {
    long at = entry.recorded().atEpochMillis();
    return at >= fromMillis
        && at <= toMillis
        && (prefix == null || entry.address().map(prefix::contains).orElse(false))
        && (elements == null || elements.stream().anyMatch(entry::concerns))
        && (cause == null || entry.cause() == cause)
        && (who == null || entry.who().equals(who))
        && (what == null || entry.what().equals(what))
        && (reason == null || hasReason(entry, reason));
  }

  private static boolean hasReason(AuditEntry entry, String reason) {
    return entry.reason().equals(reason)
        || (entry.entry() instanceof Entry.Claimed claimed
            && AuditEntry.word(claimed.evidence()).equals(reason));
  }
}
