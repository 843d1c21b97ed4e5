package io.sterna.simulation;

import io.sterna.controller.range.OrderedChange;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;

/**
 * Has bindings changed, rightly or not: looks at what an owner holds, thinks for a while, and asks
 * whoever is believed to own the range by then.
 */
final class Operator {
  private final World world;
  private final Chance chance;

  /**
   * @param chance of his own: what else happens in a world does not depend on it, but for what he
   *     does
   */
  Operator(World world, Chance chance) {
    this.world = world;
    this.chance = chance;
  }

  /** Plans what he does until then: nothing in most worlds. */
  void plan(long untilMillis) {
    int count = chance.in(0.4) ? 1 + chance.below(4) : 0;
    for (int i = 0; i < count; i++) {
      world.timeline().quietly(chance.millis(500, untilMillis), world.outside(), this::look);
    }
  }

  private void look() {
    IpAddress address = chance.oneOf(world.addresses());
    RangeId range = world.rangeOf(address);
    Owner owner = world.cluster().owner(range);
    if (owner == null) {
      return;
    }
    Binding seen = owner.ledger().state().binding(address).orElse(null);
    long version = seen == null ? 0 : seen.version();
    FeId fe = chance.in(0.3) ? null : chance.oneOf(world.endpoints()).fe();
    MacAddress mac = fe == null ? MacAddress.NONE : world.macOf(address);
    OrderedChange change = new OrderedChange(address, fe, mac, version);
    world
        .timeline()
        .after(
            chance.millis(0, 600),
            world.outside(),
            "an operator asks for " + change,
            () -> ask(range, change));
  }

  private void ask(RangeId range, OrderedChange change) {
    Owner owner = world.cluster().owner(range);
    if (owner != null) {
      owner.order(change);
    }
  }
}
