package io.sterna.controller.http;

import akka.NotUsed;
import akka.stream.javadsl.Source;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Those who read the record at this controller: so many at a time and no more, so that memory and
 * threads suffice. Nobody is kept waiting: who finds no room hears so at once.
 */
final class RecordReads {
  /** The code of the error. */
  static final String FULL = "too_many_reads";

  private final int max;
  private final Semaphore room;

  /** There is no room for one more. */
  static final class FullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FullException(int max) {
      super(
          "this controller answers %d questions about the record already: ask another one, or later"
              .formatted(max));
    }
  }

  RecordReads(int max) {
    this.max = max;
    this.room = new Semaphore(max);
  }

  /**
   * For answers that are streamed: these find room when they begin, which is too late to refuse.
   *
   * @throws FullException if there is no room now
   */
  void check() {
    if (room.availablePermits() == 0) {
      throw new FullException(max);
    }
  }

  /** Asks if there is room; fails otherwise. */
  <T> CompletionStage<T> during(Supplier<CompletionStage<T>> question) {
    if (!room.tryAcquire()) {
      return CompletableFuture.failedFuture(new FullException(max));
    }
    try {
      return question.get().whenComplete((answer, failure) -> room.release());
    } catch (RuntimeException e) {
      room.release();
      throw e;
    }
  }

  /** The same rows, if there is room once somebody takes them; fails otherwise. */
  <T> Source<T, NotUsed> during(Source<T, NotUsed> rows) {
    return Source.lazySource(
            () -> {
              if (!room.tryAcquire()) {
                return Source.<T>failed(new FullException(max));
              }
              return rows.watchTermination(
                  (before, ended) -> {
                    ended.whenComplete((done, failure) -> room.release());
                    return before;
                  });
            })
        .mapMaterializedValue(begun -> NotUsed.getInstance());
  }
}
