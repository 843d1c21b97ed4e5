package io.sterna.controller.range;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RejectReason;
import io.sterna.protocol.SouthboundMessage.Claim;
import io.sterna.store.event.Entry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may claim what, beside the version that a claimant had seen. {@link RangeState} asks before
 * it accepts a change and says what it decided. An audit is the list of entries that are committed
 * with the decisions: whatever is added to it is on record.
 */
public interface Admission {
  /** Everybody may claim everything, and every refusal is on record. */
  Admission OPEN = new Admission() {};

  /**
   * Why a claim whose version is right may not change the binding; null = it may.
   *
   * @param current the binding that stands; null = the address was never bound
   */
  default @Nullable RejectReason refusal(
      ClaimRequest request, @Nullable Binding current, List<Entry> audit) {
    return null;
  }

  /** Whether a VM that does not answer where it is bound is given up now. */
  default boolean releases(Binding silent) {
    return false;
  }

  /** The claim changed the binding; its own entry is in the audit already. */
  default void changed(
      ClaimRequest request, Binding binding, @Nullable Binding before, List<Entry> audit) {}

  /** The claim was accepted and said only what stands. */
  default void confirmed(ClaimRequest request, Binding standing, List<Entry> audit) {}

  /** The claim was refused. */
  default void refused(ClaimRequest request, RejectReason reason, List<Entry> audit) {
    audit.add(entryOf(request, reason));
  }

  /**
   * Why an operator may not have an address attached to an element; null = he may. His orders are
   * not asked about anything else.
   */
  default @Nullable RejectReason refusal(OrderedChange change, FeId fe) {
    return null;
  }

  /** An operator changed the binding. */
  default void ordered(Binding binding, @Nullable Binding before) {}

  /** What a refusal is on record as. */
  static Entry entryOf(ClaimRequest request, RejectReason reason) {
    Claim claim = request.claim();
    return new Entry.Refused(
        claim.address(), request.fe(), claim.mac(), reason, claim.evidence(), claim.seenVersion());
  }
}
