package io.sterna.store.event;

import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RejectReason;
import org.jspecify.annotations.Nullable;

/** One decision of a range: what was claimed, on what evidence, and what became of it. */
public sealed interface Entry {
  /** The forwarding element that claimed the address. */
  FeId claimedBy();

  /** What it had observed. */
  Evidence evidence();

  /** The binding version that it had seen; 0 = none. */
  long seenVersion();

  /**
   * The claim was accepted: the binding changed. Consumes one revision.
   *
   * @param binding the binding from now on
   * @param evidence what the claimant had observed
   * @param claimedBy who claimed
   * @param seenVersion the version that it had seen; 0 = none
   * @param previousFe where the address was attached before; null = nowhere
   */
  record Bound(
      Binding binding,
      Evidence evidence,
      FeId claimedBy,
      long seenVersion,
      @Nullable FeId previousFe)
      implements Entry {
    /**
     * @throws IllegalArgumentException if the seen version is below 0
     */
    public Bound {
      Checks.atLeast(0, seenVersion, "seen version");
    }

    /** The version of the address before this change: versions grow by one. 0 = unbound. */
    public long previousVersion() {
      return binding.version() - 1;
    }
  }

  /**
   * The claim was refused: the binding stands. Consumes no revision.
   *
   * @param address what was claimed
   * @param claimedBy who claimed
   * @param mac the hardware address in the claim
   * @param reason why it was refused
   * @param evidence what the claimant had observed
   * @param seenVersion the version that it had seen; 0 = none
   */
  record Refused(
      IpAddress address,
      FeId claimedBy,
      MacAddress mac,
      RejectReason reason,
      Evidence evidence,
      long seenVersion)
      implements Entry {
    /**
     * @throws IllegalArgumentException if the seen version is below 0
     */
    public Refused {
      Checks.atLeast(0, seenVersion, "seen version");
    }
  }
}
