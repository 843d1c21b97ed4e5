package io.sterna.store.event;

import io.sterna.protocol.Binding;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RejectReason;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of a range's record. {@link Change} changes bindings; the others are there for the audit
 * only, and replay passes over them.
 */
public sealed interface Entry {
  /** What became of a claim. */
  sealed interface Claimed extends Entry {
    /** The forwarding element that claimed the address. */
    FeId claimedBy();

    /** What it had observed. */
    Evidence evidence();

    /** The binding version that it had seen; 0 = none. */
    long seenVersion();
  }

  /** What an operator asked for. */
  sealed interface Ordered extends Entry {
    /** Who asked, from where and why. */
    Order order();
  }

  /** A binding changed. Consumes one revision. */
  sealed interface Change extends Entry {
    /** The binding from now on. */
    Binding binding();

    /** The binding version that whoever asked for it had seen; 0 = none. */
    long seenVersion();

    /** The version of the address before this change: versions grow by one. 0 = unbound. */
    default long previousVersion() {
      return binding().version() - 1;
    }
  }

  /**
   * The claim was accepted: the binding changed.
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
      implements Change, Claimed {
    /**
     * @throws IllegalArgumentException if the seen version is below 0
     */
    public Bound {
      Checks.atLeast(0, seenVersion, "seen version");
    }
  }

  /**
   * The VM was silent for too long: its address is attached nowhere any more.
   *
   * @param mac the hardware address that it had
   * @param binding what is left of the binding
   * @param evidence what the element had observed
   * @param claimedBy the element that the VM was attached to, which said that it is silent
   * @param seenVersion the version that it had seen
   */
  record Released(
      MacAddress mac, Binding binding, Evidence evidence, FeId claimedBy, long seenVersion)
      implements Change, Claimed {
    /**
     * @throws IllegalArgumentException if the binding is not released, or not by its own element
     */
    public Released {
      Checks.atLeast(0, seenVersion, "seen version");
      if (!binding.isReleased() || !binding.fe().equals(claimedBy)) {
        throw new IllegalArgumentException(claimedBy + " does not release " + binding);
      }
    }
  }

  /**
   * The claim was refused: the binding stands.
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
      implements Claimed {
    /**
     * @throws IllegalArgumentException if the seen version is below 0
     */
    public Refused {
      Checks.atLeast(0, seenVersion, "seen version");
    }
  }

  /**
   * More claims of an element were refused than are written one by one.
   *
   * @param claimedBy the element
   * @param count how many, since the last that was written
   */
  record RefusalsOmitted(FeId claimedBy, long count) implements Entry {
    /**
     * @throws IllegalArgumentException if the count is below 1
     */
    public RefusalsOmitted {
      Checks.atLeast(1, count, "count");
    }
  }

  /**
   * Something began or ended that holds for an address beside its binding. It holds within one
   * epoch only: with the next owner every address begins anew.
   *
   * @param address the address
   * @param what what began or ended
   * @param version the version of the address then
   */
  record Noted(IpAddress address, Note what, long version) implements Entry {
    /**
     * @throws IllegalArgumentException if the version is below 0
     */
    public Noted {
      Objects.requireNonNull(what, "what");
      Checks.atLeast(0, version, "version");
    }
  }

  /**
   * An operator had an address attached to an element.
   *
   * @param binding the binding from now on
   * @param order who asked, from where and why
   * @param seenVersion the version that he had seen; 0 = none
   * @param previousFe where the address was attached before; null = nowhere
   */
  record Assigned(Binding binding, Order order, long seenVersion, @Nullable FeId previousFe)
      implements Change, Ordered {
    /**
     * @throws IllegalArgumentException if the seen version is below 0, or nothing is attached
     */
    public Assigned {
      Checks.atLeast(0, seenVersion, "seen version");
      if (binding.isReleased()) {
        throw new IllegalArgumentException(binding + " is attached nowhere");
      }
    }
  }

  /**
   * An operator had an address attached nowhere any more.
   *
   * @param mac the hardware address that it had
   * @param binding what is left of the binding
   * @param order who asked, from where and why
   * @param seenVersion the version that he had seen
   */
  record Withdrawn(MacAddress mac, Binding binding, Order order, long seenVersion)
      implements Change, Ordered {
    /**
     * @throws IllegalArgumentException if the seen version is below 0, or it is attached still
     */
    public Withdrawn {
      Checks.atLeast(0, seenVersion, "seen version");
      if (!binding.isReleased()) {
        throw new IllegalArgumentException(binding + " is attached still");
      }
    }
  }

  /**
   * What an operator asked for was refused: the binding stands.
   *
   * @param address what it was about
   * @param fe where it should have been attached; null = nowhere
   * @param mac with this hardware address
   * @param reason why it was refused
   * @param order who asked, from where and why
   * @param seenVersion the version that he had seen; 0 = none
   */
  record Declined(
      IpAddress address,
      @Nullable FeId fe,
      MacAddress mac,
      RejectReason reason,
      Order order,
      long seenVersion)
      implements Ordered {
    /**
     * @throws IllegalArgumentException if the seen version is below 0
     */
    public Declined {
      Checks.atLeast(0, seenVersion, "seen version");
    }
  }

  /**
   * An operator let an address move again that was damped.
   *
   * @param address the address
   * @param order who asked, from where and why
   * @param version the version of the address then
   */
  record Cleared(IpAddress address, Order order, long version) implements Ordered {
    /**
     * @throws IllegalArgumentException if the version is below 0
     */
    public Cleared {
      Checks.atLeast(0, version, "version");
    }
  }
}
