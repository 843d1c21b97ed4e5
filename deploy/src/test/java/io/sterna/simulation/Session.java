package io.sterna.simulation;

import io.sterna.agent.table.SessionId;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.FromFe;

/**
 * One connection between an element and a controller. What is said by it arrives in order, or not
 * at all; each side learns of its end by itself. So what one side said by it may arrive after the
 * other has opened the next.
 */
final class Session {
  private final Timeline timeline;
  private final Chance chance;
  private final SessionId id;
  private final Element element;
  private final Controller controller;
  private final int elementLife;
  private final int controllerLife;
  private long toElementAt;
  private long toControllerAt;
  private long stalledUntil;
  private boolean cut;
  private boolean elementOpen = true;
  private boolean controllerOpen = true;

  Session(Timeline timeline, Chance chance, SessionId id, Element element, Controller controller) {
    this.timeline = timeline;
    this.chance = chance;
    this.id = id;
    this.element = element;
    this.controller = controller;
    this.elementLife = element.machine().life();
    this.controllerLife = controller.machine().life();
  }

  SessionId id() {
    return id;
  }

  Element element() {
    return element;
  }

  Controller controller() {
    return controller;
  }

  boolean isElementOpen() {
    return elementOpen;
  }

  boolean isBetween(Element one, Controller other) {
    return element == one && controller == other;
  }

  boolean touches(Machine machine) {
    return element.machine() == machine || controller.machine() == machine;
  }

  void toElement(FromController message) {
    if (cut
        || elementLife != element.machine().life()
        || controllerLife != controller.machine().life()) {
      return;
    }
    toElementAt = arrival(toElementAt);
    timeline.at(
        toElementAt,
        element.machine(),
        message,
        () -> {
          if (elementOpen && !cut) {
            element.onMessage(this, message);
          }
        });
  }

  void toController(FromFe message) {
    if (cut || controllerLife != controller.machine().life()) {
      return;
    }
    toControllerAt = arrival(toControllerAt);
    timeline.at(
        toControllerAt,
        controller.machine(),
        message,
        () -> {
          if (controllerOpen && !cut) {
            controller.onMessage(this, message);
          }
        });
  }

  /** Nothing passes for so long, and nothing is lost. */
  void stall(long nanos) {
    stalledUntil = timeline.now() + nanos;
  }

  /** Nothing passes ever again; the sides find out when they do. */
  void cut(long mostMillis) {
    cut = true;
    timeline.after(chance.millis(1, mostMillis), element.machine(), id + " lost", this::endAtFe);
    timeline.after(
        chance.millis(1, mostMillis), controller.machine(), id + " lost", this::endAtController);
  }

  /** A side that crashed knows nothing of the session any more. */
  void lostWith(Machine machine) {
    cut(300);
    if (machine == element.machine()) {
      elementOpen = false;
    } else {
      controllerOpen = false;
    }
  }

  void endAtFe() {
    if (elementOpen) {
      elementOpen = false;
      element.onEnded(this);
    }
  }

  void endAtController() {
    if (controllerOpen) {
      controllerOpen = false;
      controller.onEnded(this);
    }
  }

  private long arrival(long last) {
    long latency = chance.in(0.02) ? chance.millis(1, 400) : chance.millis(0, 3);
    return Math.max(last + 1, Math.max(timeline.now(), stalledUntil) + latency);
  }
}
