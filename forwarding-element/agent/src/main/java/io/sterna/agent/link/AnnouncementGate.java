package io.sterna.agent.link;

import akka.actor.typed.ActorRef;
import io.sterna.agent.neighbourhood.Announcement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets announcements in as fast as they can be looked at, and drops the others: VMs repeat them,
 * and a VM that floods its bridge must not fill this process. Thread-safe.
 */
final class AnnouncementGate {
  private final int waitingMax;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  AnnouncementGate(int waitingMax) {
    this.waitingMax = waitingMax;
  }

  void offer(Announcement announcement, ActorRef<AgentLink.Command> link) {
    if (waiting.incrementAndGet() > waitingMax) {
      waiting.decrementAndGet();
      dropped.incrementAndGet();
    } else {
      link.tell(new AgentLink.Announced(announcement));
    }
  }

  /** One announcement was looked at. */
  void taken() {
    waiting.decrementAndGet();
  }

  long droppedCount() {
    return dropped.get();
  }
}
