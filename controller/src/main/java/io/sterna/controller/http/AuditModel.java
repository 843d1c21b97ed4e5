package io.sterna.controller.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.CheckpointChain;
import io.sterna.store.audit.Fault;
import io.sterna.store.audit.PastTable;
import io.sterna.store.audit.Verdict;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Order;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the HTTP API shows of the audit log, field for field. Times are ISO 8601, UTC. */
final class AuditModel {
  private AuditModel() {}

  /**
   * @param id range, row and place in the row: what {@code audit show} takes
   * @param what bound, moved, released, refused, refusals-omitted, a note or activated
   * @param version of the binding, or of the address if nothing changed
   * @param revision 0 = no binding changed
   * @param from where an operator asked from
   * @param why in the operator's words
   * @param restores the moment that was brought back
   * @param hash of the row that it stands in
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record EntryView(
      String id,
      String at,
      String range,
      long row,
      long revision,
      long epoch,
      String controller,
      String what,
      String cause,
      String who,
      @Nullable String from,
      @Nullable String reason,
      @Nullable String why,
      @Nullable String restores,
      @Nullable String address,
      @Nullable String fe,
      @Nullable String previousFe,
      @Nullable String mac,
      @Nullable String evidence,
      @Nullable Long version,
      @Nullable Long seenVersion,
      @Nullable Long count,
      String previousHash,
      String hash) {}

  record PageView(List<EntryView> entries, @Nullable String next) {}

  record PastBinding(
      String address, String fe, String site, String mac, long version, String range) {}

  record DifferenceView(
      String address, @Nullable PastBinding before, @Nullable PastBinding after, String range) {}

  record FaultView(
      String kind,
      long firstRow,
      long lastRow,
      long firstRevision,
      long lastRevision,
      String reason) {}

  record VerdictView(
      String range,
      boolean intact,
      long intactRows,
      long discardedRows,
      long lastRow,
      long revision,
      String hash,
      int snapshots,
      int signedHeads,
      int archives,
      long archivedRows,
      long faultCount,
      List<FaultView> faults) {}

  record CheckpointsView(long count, long newest, @Nullable String signedAt, List<String> faults) {}

  static EntryView entry(AuditEntry entry) {
    Entry detail = entry.entry();
    Entry.Claimed claimed = detail instanceof Entry.Claimed each ? each : null;
    Optional<Order> order = entry.order();
    return new EntryView(
        entry.id(),
        Instant.ofEpochMilli(entry.recorded().atEpochMillis()).toString(),
        entry.recorded().range().toString(),
        entry.recorded().number(),
        entry.revision(),
        entry.recorded().row().epoch(),
        entry.recorded().owner(),
        entry.what(),
        AuditEntry.word(entry.cause()),
        entry.who(),
        order.map(Order::from).filter(text -> !text.isEmpty()).orElse(null),
        entry.reason().isEmpty() ? null : entry.reason(),
        order.map(Order::why).filter(text -> !text.isEmpty()).orElse(null),
        order
            .filter(Order::isRestore)
            .map(each -> Instant.ofEpochMilli(each.restoresMillis()).toString())
            .orElse(null),
        entry.address().map(Object::toString).orElse(null),
        fe(detail),
        entry.previousFe().map(FeId::value).orElse(null),
        mac(detail),
        claimed == null ? null : AuditEntry.word(claimed.evidence()),
        version(detail),
        seenVersion(detail),
        detail instanceof Entry.RefusalsOmitted omitted ? Long.valueOf(omitted.count()) : null,
        entry.recorded().row().previousHash().toString(),
        entry.recorded().row().hash().toString());
  }

  private static @Nullable String fe(@Nullable Entry detail) {
    if (detail instanceof Entry.Declined declined) {
      return declined.fe() == null ? null : declined.fe().value();
    }
    return detail instanceof Entry.Change change ? change.binding().fe().value() : null;
  }

  private static @Nullable Long version(@Nullable Entry detail) {
    if (detail instanceof Entry.Change change) {
      return change.binding().version();
    } else if (detail instanceof Entry.Noted noted) {
      return noted.version();
    }
    return detail instanceof Entry.Cleared cleared ? cleared.version() : null;
  }

  private static @Nullable Long seenVersion(@Nullable Entry detail) {
    if (detail instanceof Entry.Claimed claimed) {
      return claimed.seenVersion();
    } else if (detail instanceof Entry.Declined declined) {
      return declined.seenVersion();
    }
    return detail instanceof Entry.Change change ? change.seenVersion() : null;
  }

  private static @Nullable String mac(@Nullable Entry detail) {
    if (detail instanceof Entry.Withdrawn withdrawn) {
      return withdrawn.mac().toString();
    } else if (detail instanceof Entry.Declined declined) {
      return declined.fe() == null ? null : declined.mac().toString();
    } else if (detail instanceof Entry.Change change && !change.binding().isReleased()) {
      return change.binding().mac().toString();
    } else if (detail instanceof Entry.Released released) {
      return released.mac().toString();
    } else if (detail instanceof Entry.Refused refused) {
      return refused.mac().toString();
    }
    return null;
  }

  static VerdictView verdict(Verdict verdict) {
    return new VerdictView(
        verdict.range().toString(),
        verdict.intact(),
        verdict.intactRows(),
        verdict.discardedRows(),
        verdict.lastRow(),
        verdict.revision(),
        verdict.hash().toString(),
        verdict.snapshots(),
        verdict.heads(),
        verdict.archives(),
        verdict.archivedRows(),
        verdict.faultCount(),
        verdict.faults().stream().map(AuditModel::fault).toList());
  }

  private static FaultView fault(Fault fault) {
    return new FaultView(
        AuditEntry.word(fault.kind()),
        fault.firstRow(),
        fault.lastRow(),
        fault.firstRevision(),
        fault.lastRevision(),
        fault.reason());
  }

  static CheckpointsView checkpoints(CheckpointChain chain) {
    return new CheckpointsView(
        chain.count(),
        chain.number(),
        chain.number() == 0 ? null : Instant.ofEpochMilli(chain.atEpochMillis()).toString(),
        chain.faults());
  }

  /** Names the sides of a difference. */
  interface Sides {
    PastBinding view(Binding binding);
  }

  static DifferenceView difference(PastTable.Difference each, String range, Sides sides) {
    Binding before = each.before();
    Binding after = each.after();
    return new DifferenceView(
        each.address().toString(),
        before == null ? null : sides.view(before),
        after == null ? null : sides.view(after),
        range);
  }
}
