package io.sterna.agent.install;

import io.sterna.agent.forwarding.RouteChange;
import io.sterna.agent.install.Positions.Ticket;
import io.sterna.protocol.IpAddress;
import org.jspecify.annotations.Nullable;

/** A change that is not installed yet; {@link WaitingChanges} knows where it waits. */
final class Pending {
  RouteChange change;
  Lane lane;

  /** The oldest position that waits for what its address becomes; null if none does. */
  @Nullable Ticket ticket;

  /** How often the table refused a change of its address in a row. */
  int failures;

  /** When it is tried again, as long as it is refused. */
  long dueNanos;

  boolean isRefused;

  /** Its neighbours in its lane; null at the ends, and while it is in none. */
  @Nullable Pending before;

  @Nullable Pending behind;

  Pending(RouteChange change, Lane lane, @Nullable Ticket ticket) {
    this.change = change;
    this.lane = lane;
    this.ticket = ticket;
  }

  IpAddress address() {
    return change.address();
  }
}
