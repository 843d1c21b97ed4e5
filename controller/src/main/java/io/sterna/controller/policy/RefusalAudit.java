package io.sterna.controller.policy;

import io.sterna.controller.policy.PolicySettings.AuditRule;
import io.sterna.protocol.FeId;
import io.sterna.store.event.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which refusals are written down: of each element some a second, one by one, and of the others
 * their number. So an element that floods a range cannot fill its journal. Elements are those of
 * the inventory, so there are few.
 */
final class RefusalAudit {
  private final AuditRule rule;
  private final Map<FeId, Account> accounts = new HashMap<>();
  private long omittedCount;

  private static final class Account {
    private final TokenBucket bucket;
    private long omitted;

    Account(TokenBucket bucket) {
      this.bucket = bucket;
    }
  }

  RefusalAudit(AuditRule rule) {
    this.rule = rule;
  }

  /** A claim of this element was refused. */
  void refused(FeId fe, Entry refusal, long nowNanos, List<Entry> audit) {
    if (of(fe, nowNanos).bucket.take(nowNanos)) {
      audit.add(refusal);
    } else {
      omitted(fe, 1, nowNanos);
    }
  }

  /** So many refusals of this element are not written down. */
  void omitted(FeId fe, long count, long nowNanos) {
    of(fe, nowNanos).omitted += count;
    omittedCount += count;
  }

  /** Writes down how many were left out, of so many elements at most. */
  void sweep(int max, List<Entry> audit) {
    int written = 0;
    for (Map.Entry<FeId, Account> each : accounts.entrySet()) {
      Account account = each.getValue();
      if (account.omitted > 0 && written < max) {
        audit.add(new Entry.RefusalsOmitted(each.getKey(), account.omitted));
        omittedCount -= account.omitted;
        account.omitted = 0;
        written++;
      }
    }
  }

  /** Whether there is something to write down. */
  boolean isDue() {
    return omittedCount > 0;
  }

  private Account of(FeId fe, long nowNanos) {
    return accounts.computeIfAbsent(
        fe, f -> new Account(new TokenBucket(rule.refusalsPerSecond(), rule.burst(), nowNanos)));
  }
}
