package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RejectReason;
import io.sterna.store.event.Entry;
import io.sterna.store.event.Order;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Decides what operators ask for, by the rule that holds for claims: who had seen another version
 * than the one that stands is refused. So what happened since he looked is never undone unseen, and
 * each address is changed wholly or not at all. What he asked for and is so already is accepted and
 * changes nothing: asking twice is harmless.
 */
final class OrderDesk {
  private final RangeId range;
  private final Function<IpAddress, @Nullable Binding> bindings;
  private final Admission admission;

  OrderDesk(RangeId range, Function<IpAddress, @Nullable Binding> bindings, Admission admission) {
    this.range = range;
    this.bindings = bindings;
    this.admission = admission;
  }

  /**
   * Decides one.
   *
   * @param accepted what was decided before it and is not committed yet; what comes of it is added
   * @param entries what has to be committed; what comes of it is added
   */
  Decision decide(
      OrderedChange change, Order order, Map<IpAddress, Binding> accepted, List<Entry> entries) {
    Binding current = accepted.getOrDefault(change.address(), bindings.apply(change.address()));
    Decision decision = decide(change, current);
    if (decision instanceof Decision.Rejected rejected) {
      entries.add(
          new Entry.Declined(
              change.address(),
              change.fe(),
              change.mac(),
              rejected.reason(),
              order,
              change.seenVersion()));
    } else if (decision instanceof Decision.Accepted now && !now.binding().equals(current)) {
      accepted.put(change.address(), now.binding());
      entries.add(entry(change, order, now.binding(), current));
      admission.ordered(now.binding(), current);
    }
    return decision;
  }

  private Decision decide(OrderedChange change, @Nullable Binding current) {
    if (!range.prefix().contains(change.address())) {
      return new Decision.Rejected(RejectReason.NOT_MOBILE, 0);
    }
    long version = current == null ? 0 : current.version();
    if (current != null && isSo(change, current)) {
      return new Decision.Accepted(current);
    }
    if (change.seenVersion() != version) {
      return new Decision.Rejected(
          change.seenVersion() < version ? RejectReason.STALE : RejectReason.FROM_THE_FUTURE,
          version);
    }
    FeId fe = change.fe();
    if (fe == null) {
      return current == null
          ? new Decision.Rejected(RejectReason.NOT_ATTACHED, 0)
          : new Decision.Accepted(current.released());
    }
    if (change.mac().isNone() || change.mac().isGroup()) {
      return new Decision.Rejected(RejectReason.WRONG_MAC, version);
    }
    RejectReason refusal = admission.refusal(change, fe);
    return refusal != null
        ? new Decision.Rejected(refusal, version)
        : new Decision.Accepted(new Binding(change.address(), fe, change.mac(), version + 1));
  }

  private static boolean isSo(OrderedChange change, Binding current) {
    return change.fe() == null
        ? current.isReleased()
        : current.fe().equals(change.fe()) && current.mac().equals(change.mac());
  }

  private static Entry entry(
      OrderedChange change, Order order, Binding binding, @Nullable Binding current) {
    if (current != null && binding.isReleased()) {
      return new Entry.Withdrawn(current.mac(), binding, order, change.seenVersion());
    }
    FeId before = current == null || current.isReleased() ? null : current.fe();
    return new Entry.Assigned(binding, order, change.seenVersion(), before);
  }
}
