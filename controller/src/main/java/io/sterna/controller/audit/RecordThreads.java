package io.sterna.controller.audit;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import java.util.concurrent.Executor;

/**
 * Threads that may wait for the record and do nothing else (controller-akka.conf): whoever reads
 * it, and however much, no element waits for its handshake because of that.
 */
public final class RecordThreads {
  /** Of those who ask the API. */
  public static final String READING = "akka.actor.record-dispatcher";

  private static final String UPKEEP = "akka.actor.record-upkeep-dispatcher";

  private RecordThreads() {}

  /** For answers to those who ask. */
  public static Executor reading(ActorSystem<?> system) {
    return system.dispatchers().lookup(DispatcherSelector.fromConfig(READING));
  }

  /** For checkpoints, archiving, and followers of the log. */
  public static Executor upkeep(ActorSystem<?> system) {
    return system.dispatchers().lookup(DispatcherSelector.fromConfig(UPKEEP));
  }
}
