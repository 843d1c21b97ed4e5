package io.sterna.agent.table;

import io.sterna.agent.forwarding.RouteChange;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import java.util.List;

/** What a feed message did to the desired table. */
public sealed interface Heard {
  /** The range it was about. */
  RangeId range();

  /**
   * The table holds it now.
   *
   * @param position where the range is now
   * @param changes what the forwarding table has to change for it, at most one an address
   */
  record Applied(RangePosition position, List<RouteChange> changes) implements Heard {
    public Applied {
      changes = List.copyOf(changes);
    }

    @Override
    public RangeId range() {
      return position.range();
    }
  }

  /** A part of a snapshot is kept until its last part is here; nothing else changed. */
  record Incomplete(RangeId range) implements Heard {}

  /** Nothing changed, and nothing is missing. */
  record Ignored(RangeId range, Reason reason) implements Heard {
    /** Why nothing changed. */
    public enum Reason {
      /** Said by an owner that has a successor. */
      LOWER_EPOCH,
      /** Said by the owner, but more is known already. */
      OLDER_REVISION,
      /** Exactly what is known already: its sender owns the range. */
      DUPLICATE,
      /** No controller named this range. */
      UNKNOWN_RANGE,
      /** A binding lies outside the range: the sender breaks the protocol. */
      OUTSIDE_RANGE
    }
  }

  /**
   * Nothing changed, but something was missed.
   *
   * @param range the range whose snapshot is needed
   * @param reason why, for people
   */
  record ResyncNeeded(RangeId range, String reason) implements Heard {}
}
