package io.sterna.controller.http;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorSystem;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Those who follow the log at this controller: so many and no more, and told when it stops. */
final class Followers {
  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  private final int max;
  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Done> gone = new CompletableFuture<>();
  private volatile boolean stopping;

  /** A reader that can be told to go. */
  interface Follower {
    void stop();
  }

  private Followers(int max) {
    this.max = max;
  }

  /** Told to go when this node begins to stop. */
  static Followers of(ActorSystem<?> system, int max) {
    Followers all = new Followers(max);
    CoordinatedShutdown.get(system)
        .addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "end-log-followers", all::stopAll);
    return all;
  }

  int max() {
    return max;
  }

  boolean isFull() {
    return followers.size() >= max;
  }

  /** Whether there is room for one more; it then has to leave. */
  synchronized boolean enter(Follower follower) {
    return !stopping && !isFull() && followers.add(follower);
  }

  void leave(Follower follower) {
    followers.remove(follower);
    if (stopping && followers.isEmpty()) {
      gone.complete(Done.getInstance());
    }
  }

  private CompletionStage<Done> stopAll() {
    synchronized (this) {
      stopping = true;
    }
    followers.forEach(Follower::stop);
    if (followers.isEmpty()) {
      gone.complete(Done.getInstance());
    }
    // Who reads nothing does not read that either.
    return gone.completeOnTimeout(Done.getInstance(), LAST_LINES.toMillis(), TimeUnit.MILLISECONDS);
  }
}
