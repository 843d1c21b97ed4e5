package io.sterna.controller.owner;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.EpochStore.Taken;
import io.sterna.store.cassandra.SnapshotChoice.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Epochs of one range, which say what they are told to say. Thread-safe. */
final class EpochsOfTests implements Epochs {
  /** No snapshot is ever believed. */
  static final ReplayStarts FROM_FIRST_ROW =
      (range, below) -> CompletableFuture.completedStage(Start.FIRST_ROW);

  private final LinkedBlockingQueue<CompletableFuture<Boolean>> questions =
      new LinkedBlockingQueue<>();
  private final List<Long> released = new ArrayList<>();
  private long last;
  private boolean vacant = true;
  private boolean later;
  private BooleanSupplier wanted = () -> false;
  private @Nullable CompletableFuture<Taken> grants;
  private CompletableFuture<Boolean> asked = new CompletableFuture<>();

  /** The range has an owner whose term may not be over. */
  synchronized void notVacant() {
    vacant = false;
  }

  /** Questions are answered by {@link #answer} from now on. */
  synchronized void answerLater() {
    later = true;
  }

  /** Epochs are taken at once from now on, and that is heard after {@link #grant}. */
  synchronized void grantLater() {
    grants = new CompletableFuture<>();
  }

  /** Says what was taken since {@link #grantLater}. */
  synchronized void grant() {
    Objects.requireNonNull(grants).complete(new Taken(last, vacant));
  }

  /** Whether the epoch that was asked for last still is. */
  synchronized boolean isWanted() {
    return wanted.getAsBoolean();
  }

  synchronized long last() {
    return last;
  }

  /** Questions are answered at once again; those that wait are not. */
  synchronized void answerAtOnce() {
    later = false;
  }

  /** The question that was awaited last. */
  CompletableFuture<Boolean> question() {
    return asked;
  }

  void awaitQuestion() {
    try {
      CompletableFuture<Boolean> next = questions.poll(10, TimeUnit.SECONDS);
      assertTrue(next != null, "nobody asked");
      asked = next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  void answer(boolean latest) {
    if (asked.isDone() || !questions.isEmpty()) {
      awaitQuestion();
    }
    asked.complete(latest);
  }

  void fail() {
    asked.completeExceptionally(new IllegalStateException("no answer, as told"));
  }

  synchronized List<Long> released() {
    return List.copyOf(released);
  }

  @Override
  public synchronized CompletionStage<Taken> acquire(
      RangeId range, ControllerId controller, BooleanSupplier stillWanted) {
    last++;
    wanted = stillWanted;
    return grants == null ? CompletableFuture.completedFuture(new Taken(last, vacant)) : grants;
  }

  @Override
  public synchronized CompletionStage<Boolean> validate(RangeId range, long epoch) {
    if (!later) {
      return CompletableFuture.completedFuture(epoch == last);
    }
    CompletableFuture<Boolean> question = new CompletableFuture<>();
    questions.add(question);
    return question;
  }

  @Override
  public synchronized CompletionStage<Boolean> release(RangeId range, long epoch) {
    released.add(epoch);
    return CompletableFuture.completedFuture(epoch == last);
  }
}
