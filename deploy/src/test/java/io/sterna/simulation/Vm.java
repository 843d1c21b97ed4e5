package io.sterna.simulation;

import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves from element to element, and says so: sometimes unheard, sometimes heard late. Now and then
 * it stands still for some seconds, says nothing and answers nobody.
 */
final class Vm {
  private final World world;
  private final IpAddress address;
  private final MacAddress mac;
  private @Nullable Element at;
  private @Nullable Element before;
  private int moves;
  private boolean suspended;

  Vm(World world, IpAddress address, MacAddress mac) {
    this.world = world;
    this.address = address;
    this.mac = mac;
  }

  IpAddress address() {
    return address;
  }

  MacAddress mac() {
    return mac;
  }

  @Nullable Element at() {
    return at;
  }

  /** Begins a life of moves until it is told to stay. */
  void begin() {
    Chance chance = world.chance();
    world.timeline().quietly(chance.millis(0, 500), world.outside(), this::move);
    world.timeline().quietly(chance.millis(500, 3_000), world.outside(), this::speak);
    if (world.isStrict() && chance.in(0.5)) {
      world.timeline().quietly(chance.millis(1_000, 9_000), world.outside(), this::suspend);
    }
  }

  private void suspend() {
    suspended = true;
    world.timeline().note(world.outside(), address + " stands still");
    world.timeline().quietly(world.chance().millis(3_000, 6_000), world.outside(), this::resume);
  }

  private void resume() {
    suspended = false;
    if (world.chance().in(0.5)) {
      announce(Evidence.ARP_REQUEST);
    }
  }

  private void move() {
    if (!world.isMoving()) {
      return;
    }
    Chance chance = world.chance();
    if (suspended) {
      world.timeline().quietly(chance.millis(500, 2_000), world.outside(), this::move);
      return;
    }
    Element from = at;
    Element to = from != null && before != null && chance.in(0.3) ? before : elsewhere(from);
    before = from;
    at = null;
    int move = ++moves;
    world
        .timeline()
        .after(
            chance.millis(1, 150),
            world.outside(),
            address + " appears at " + to.fe(),
            () -> {
              at = to;
              announceAll(move);
            });
    long stays = chance.in(0.2) ? chance.millis(150, 400) : chance.millis(400, 4_000);
    world.timeline().quietly(stays, world.outside(), this::move);
  }

  private Element elsewhere(@Nullable Element from) {
    List<Element> others = world.elements().stream().filter(element -> element != from).toList();
    return world.chance().oneOf(others);
  }

  private void announceAll(int move) {
    for (int i = 0; i < 2; i++) {
      world
          .timeline()
          .quietly(
              i * world.chance().millis(20, 100),
              world.outside(),
              () -> {
                if (move == moves) {
                  announce(Evidence.GRATUITOUS_ARP);
                }
              });
    }
  }

  private void speak() {
    if (world.isMoving()) {
      announce(Evidence.ARP_REQUEST);
      world.timeline().quietly(world.chance().millis(500, 5_000), world.outside(), this::speak);
    }
  }

  /** Says where it is, certainly. */
  void speakUp() {
    suspended = false;
    Element here = at;
    if (here != null) {
      hear(here, world.chance().millis(0, 2), Evidence.ARP_REQUEST);
    }
  }

  /** Answers, if it is asked where it is. */
  void probed(Element by, MacAddress wanted) {
    if (by == at && wanted.equals(mac) && !suspended) {
      hear(by, world.chance().millis(0, 2), Evidence.ARP_REPLY);
    }
  }

  private void announce(Evidence evidence) {
    Element here = at;
    if (here == null || suspended || world.chance().in(0.15)) {
      return;
    }
    Chance chance = world.chance();
    hear(here, chance.in(0.05) ? chance.millis(5, 2_000) : chance.millis(0, 2), evidence);
  }

  private void hear(Element here, long delay, Evidence evidence) {
    world
        .timeline()
        .after(
            delay,
            here.machine(),
            address + " heard by " + evidence,
            () -> here.announced(address, mac, evidence));
  }
}
