package io.sterna.simulation;

import io.sterna.protocol.RangeId;
import java.util.List;

/** What goes wrong, and when: all of it from the seed. */
final class Faults {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final World world;
  private final Timeline timeline;
  private final Chance chance;

  Faults(World world) {
    this.world = world;
    this.timeline = world.timeline();
    this.chance = world.chance();
  }

  /** Plans faults until then. */
  void plan(long untilMillis) {
    int count = 4 + chance.below(16);
    for (int i = 0; i < count; i++) {
      timeline.quietly(chance.millis(200, untilMillis), world.outside(), this::something);
    }
  }

  private void something() {
    Controller controller = chance.oneOf(world.controllers());
    Element element = chance.oneOf(world.elements());
    switch (chance.below(11)) {
      case 0 -> crash(controller);
      case 1 -> crash(element);
      case 2, 3 -> pause(controller.machine(), chance.millis(50, 5_000));
      case 4 -> pause(element.machine(), chance.millis(50, 3_000));
      case 5 -> cutFromStore(controller);
      case 6 -> cutSession(element, controller);
      case 7 -> stall(element, controller);
      case 8 -> isolate(controller);
      case 9 -> move();
      default -> jump(controller);
    }
  }

  private void crash(Controller controller) {
    note(controller.machine(), "CRASHES");
    world.sessionsOf(controller.machine()).forEach(s -> s.lostWith(controller.machine()));
    controller.crash();
    long down = chance.millis(100, 4_000);
    timeline.after(
        down, world.outside(), controller.id() + " starts", () -> controller.machine().start());
  }

  private void crash(Element element) {
    if (!element.machine().isUp()) {
      return;
    }
    note(element.machine(), "CRASHES");
    world.sessionsOf(element.machine()).forEach(s -> s.lostWith(element.machine()));
    element.crash();
    long down = chance.millis(100, 2_000);
    timeline.after(down, world.outside(), element.fe() + " starts", element::start);
  }

  private void pause(Machine machine, long nanos) {
    if (machine.isUp()) {
      note(machine, "STANDS STILL for " + nanos / NANOS_PER_MILLI + " ms");
      machine.pause(timeline.now() + nanos);
    }
  }

  private void cutFromStore(Controller controller) {
    Machine machine = controller.machine();
    note(machine, "CUT from the store");
    world.store().cut(machine);
    timeline.after(
        chance.millis(100, 5_000),
        world.outside(),
        machine + " reaches the store again",
        () -> world.store().heal(machine));
  }

  private void cutSession(Element element, Controller controller) {
    note(element.machine(), "CUT from " + controller.id());
    world.refuse(element, controller, timeline.now() + chance.millis(50, 4_000));
    for (Session session : world.sessionsOf(element.machine())) {
      if (session.isBetween(element, controller)) {
        session.cut(3_000);
      }
    }
  }

  /** What is on its way arrives seconds later, perhaps after the element has connected anew. */
  private void stall(Element element, Controller controller) {
    for (Session session : world.sessionsOf(element.machine())) {
      if (session.isBetween(element, controller)) {
        note(element.machine(), session.id() + " STALLS");
        session.stall(chance.millis(100, 4_000));
        if (chance.in(0.6)) {
          timeline.after(
              chance.millis(10, 1_000),
              element.machine(),
              session.id() + " given up",
              session::endAtFe);
        }
      }
    }
  }

  /** Cut off from the other controllers, and often from more. */
  private void isolate(Controller controller) {
    note(controller.machine(), "CUT from the controllers");
    world.cluster().isolate(controller, chance.millis(500, 6_000));
    if (chance.in(0.5)) {
      cutFromStore(controller);
    }
  }

  private void move() {
    RangeId range = chance.oneOf(List.copyOf(world.ranges()));
    if (chance.in(0.5)) {
      note(world.outside(), range + " has TWO OWNERS");
      world.cluster().split(range);
    } else {
      note(world.outside(), range + " is handed over");
      world.cluster().handOff(range);
    }
  }

  private void jump(Controller controller) {
    long by = chance.millis(0, 20_000) / NANOS_PER_MILLI - 10_000;
    note(controller.machine(), "wall clock JUMPS by " + by + " ms");
    controller.machine().jumpWallClock(by);
  }

  private void note(Machine where, String what) {
    timeline.note(where, what);
  }
}
