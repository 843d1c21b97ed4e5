package io.sterna.controller.policy;

import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.Orders;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RejectReason;
import io.sterna.store.event.Order;

/** What a range has to do and to write down beside the claims that it decides. */
public sealed interface Chore {
  /** An operator lets an address move again. */
  record ClearDamping(IpAddress address, Order order) implements Chore {}

  /**
   * An operator has bindings changed. Not done by the policy, which is only asked whether he may.
   */
  record Change(Orders orders) implements Chore {}

  /**
   * Claims were refused before they came to the range.
   *
   * @param request one of them
   * @param omitted how many more
   */
  record NoteRefusals(ClaimRequest request, RejectReason reason, long omitted) implements Chore {}

  /** A plan has an address moved from one element to another: for now, see {@link Migrations}. */
  record NoteMigration(IpAddress address, FeId from, FeId to) implements Chore {}

  /** Time passed: end and write down what is due. */
  enum Sweep implements Chore {
    INSTANCE
  }
}
