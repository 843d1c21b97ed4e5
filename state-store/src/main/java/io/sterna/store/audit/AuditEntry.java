package io.sterna.store.audit;

import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Note;
import io.sterna.store.event.Order;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit log: a decision, or that a controller took the range over.
 *
 * @param recorded the row that it stands in
 * @param index its place in that row, from 0 on
 * @param revision the number of this change; 0 = it changed no binding
 * @param entry null = the row is the first of an epoch
 */
public record AuditEntry(Recorded recorded, int index, long revision, @Nullable Entry entry) {
  /** By time for people, then by place: the same order each time it is read. */
  public static final Comparator<AuditEntry> ORDER = Comparator.comparing(AuditEntry::place);

  /** Where an entry stands in the log of all ranges. */
  public record Place(long atEpochMillis, RangeId range, long row, int index)
      implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int order = Long.compare(atEpochMillis, other.atEpochMillis);
      order = order != 0 ? order : range.compareTo(other.range);
      order = order != 0 ? order : Long.compare(row, other.row);
      return order != 0 ? order : Integer.compare(index, other.index);
    }
  }

  /** What made it happen. */
  public enum Cause {
    /** A VM announced itself. */
    ANNOUNCEMENT,
    /** An element asked a VM, which answered or did not. */
    PROBE,
    /** An address moves too often. */
    DAMPING,
    /** A VM fell silent, or is heard again. */
    SILENCE,
    /** An operator asked for it. */
    OPERATOR,
    /** An operator had a past moment brought back. */
    RESTORE,
    /** A controller took the range over. */
    RECOVERY
  }

  /** The entries of a row, in order. */
  public static List<AuditEntry> of(Recorded recorded) {
    if (!(recorded.row() instanceof RangeCommitted committed)) {
      return List.of(new AuditEntry(recorded, 0, 0, null));
    }
    List<AuditEntry> entries = new ArrayList<>(committed.entries().size());
    long revision = committed.firstRevision();
    for (Entry each : committed.entries()) {
      boolean change = each instanceof Entry.Change;
      entries.add(new AuditEntry(recorded, entries.size(), change ? revision : 0, each));
      revision += change ? 1 : 0;
    }
    return entries;
  }

  /** Where it stands. */
  public Place place() {
    return new Place(recorded.atEpochMillis(), recorded.range(), recorded.number(), index);
  }

  /** Like {@code 10.10.0.0/20:7.0}: range, row, index. */
  public String id() {
    return recorded.range() + ":" + recorded.number() + "." + index;
  }

  /** What it is about; empty for a range or an element as a whole. */
  public Optional<IpAddress> address() {
    if (entry instanceof Entry.Change change) {
      return Optional.of(change.binding().address());
    } else if (entry instanceof Entry.Refused refused) {
      return Optional.of(refused.address());
    } else if (entry instanceof Entry.Noted noted) {
      return Optional.of(noted.address());
    } else if (entry instanceof Entry.Declined declined) {
      return Optional.of(declined.address());
    } else if (entry instanceof Entry.Cleared cleared) {
      return Optional.of(cleared.address());
    }
    return Optional.empty();
  }

  /** What happened, as one word. */
  public String what() {
    if (entry instanceof Entry.Change change) {
      FeId before = previousFe().orElse(change.binding().fe());
      return change.binding().isReleased()
          ? "released"
          : before.equals(change.binding().fe()) ? "bound" : "moved";
    } else if (entry instanceof Entry.Refused || entry instanceof Entry.Declined) {
      return "refused";
    } else if (entry instanceof Entry.RefusalsOmitted) {
      return "refusals-omitted";
    } else if (entry instanceof Entry.Noted noted) {
      return word(noted.what());
    } else if (entry instanceof Entry.Cleared) {
      return word(Note.DAMPING_CLEARED);
    }
    return "activated";
  }

  /** What made it happen. */
  public Cause cause() {
    if (entry instanceof Entry.Claimed claimed) {
      return switch (claimed.evidence()) {
        case PROBE_ANSWERED -> Cause.PROBE;
        case PROBE_UNANSWERED -> Cause.PROBE;
        default -> Cause.ANNOUNCEMENT;
      };
    } else if (entry instanceof Entry.Noted noted) {
      return switch (noted.what()) {
        case DAMPED, DAMPING_OVER -> Cause.DAMPING;
        case DAMPING_CLEARED -> Cause.OPERATOR;
        case SILENT, HEARD_AGAIN, SILENCE_LAPSED -> Cause.SILENCE;
      };
    } else if (entry instanceof Entry.Ordered ordered) {
      return ordered.order().isRestore() ? Cause.RESTORE : Cause.OPERATOR;
    }
    return entry == null ? Cause.RECOVERY : Cause.ANNOUNCEMENT;
  }

  /**
   * The element that claimed, by its certificate; the operator, by his token; else the controller
   * that decided by itself.
   */
  public String who() {
    return order()
        .map(Order::operator)
        .or(() -> claimant().map(FeId::value))
        .orElse(recorded.owner());
  }

  /** The order of an operator that it came from. */
  public Optional<Order> order() {
    return entry instanceof Entry.Ordered ordered ? Optional.of(ordered.order()) : Optional.empty();
  }

  /** Where the address was attached before. */
  public Optional<FeId> previousFe() {
    if (entry instanceof Entry.Bound bound) {
      return Optional.ofNullable(bound.previousFe());
    }
    return entry instanceof Entry.Assigned assigned
        ? Optional.ofNullable(assigned.previousFe())
        : Optional.empty();
  }

  /** Why: the reason of a refusal, the evidence of a claim; empty if what happened says it. */
  public String reason() {
    if (entry instanceof Entry.Refused refused) {
      return word(refused.reason());
    } else if (entry instanceof Entry.Declined declined) {
      return word(declined.reason());
    }
    return entry instanceof Entry.Claimed claimed ? word(claimed.evidence()) : "";
  }

  /** Who claimed. */
  public Optional<FeId> claimant() {
    if (entry instanceof Entry.Claimed claimed) {
      return Optional.of(claimed.claimedBy());
    }
    return entry instanceof Entry.RefusalsOmitted omitted
        ? Optional.of(omitted.claimedBy())
        : Optional.empty();
  }

  /** Whether this element claimed it, has the address by it or lost the address by it. */
  public boolean concerns(FeId fe) {
    return claimant().filter(fe::equals).isPresent()
        || (entry instanceof Entry.Change change && change.binding().fe().equals(fe))
        || (entry instanceof Entry.Declined declined && fe.equals(declined.fe()))
        || previousFe().filter(fe::equals).isPresent();
  }

  /** The controller and epoch by which it was written. */
  public Optional<RangeActivated> activation() {
    return recorded.row() instanceof RangeActivated activated
        ? Optional.of(activated)
        : Optional.empty();
  }

  /** All that {@link #what} can say. */
  public static List<String> whats() {
    Stream<String> own =
        Stream.of("bound", "moved", "released", "refused", "refusals-omitted", "activated");
    return Stream.concat(own, Stream.of(Note.values()).map(AuditEntry::word)).toList();
  }

  /** All reasons and all evidence there is. */
  public static List<String> reasons() {
    return Stream.concat(Stream.of(RejectReason.values()), Stream.of(Evidence.values()))
        .<String>map(AuditEntry::word)
        .toList();
  }

  /** All causes. */
  public static List<String> causes() {
    return Stream.of(Cause.values()).map(AuditEntry::word).toList();
  }

  /** As people write it: {@code gratuitous-arp}. */
  public static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
