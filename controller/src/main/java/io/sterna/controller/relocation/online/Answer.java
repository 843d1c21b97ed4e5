package io.sterna.controller.relocation.online;

import io.sterna.store.plan.PlanEvent;
import java.util.List;

/** What follows from somebody's request. */
public sealed interface Answer {
  /**
   * It is done.
   *
   * @param events what is to be written, and then applied
   */
  record Accepted(List<PlanEvent> events) implements Answer {
    /** Copies the events. */
    public Accepted {
      events = List.copyOf(events);
    }
  }

  /**
   * It cannot be done.
   *
   * @param unknown whether there is no such plan
   * @param reason for people
   */
  record Refused(boolean unknown, String reason) implements Answer {}
}
