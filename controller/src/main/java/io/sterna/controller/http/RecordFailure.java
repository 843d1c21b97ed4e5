package io.sterna.controller.http;

import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import io.sterna.store.archive.ArchiveException;
import io.sterna.store.audit.BrokenRecordException;
import io.sterna.store.cassandra.JournalReader.UnavailableException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What went wrong while the record was read, as who asked should hear it. */
record RecordFailure(StatusCode status, String code, String message) {
  private static final Logger LOG = LoggerFactory.getLogger(RecordFailure.class);

  private static final String BROKEN = "broken_record";

  /** Empty if it has nothing to do with the record. */
  static Optional<RecordFailure> of(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof BrokenRecordException || cause instanceof ArchiveException) {
      return Optional.of(new RecordFailure(StatusCodes.CONFLICT, BROKEN, message));
    } else if (cause instanceof UnavailableException) {
      return Optional.of(
          new RecordFailure(StatusCodes.SERVICE_UNAVAILABLE, "unavailable", message));
    } else if (cause instanceof RecordReads.FullException) {
      return Optional.of(
          new RecordFailure(StatusCodes.TOO_MANY_REQUESTS, RecordReads.FULL, message));
    }
    return Optional.empty();
  }

  /** Whether the record itself is wrong: asking again does not help. */
  boolean isOfTheRecord() {
    return code.equals(BROKEN);
  }

  /** How an answer ends that has begun already. */
  static Answers.ApiError ending(Throwable failure) {
    return of(failure)
        .map(each -> new Answers.ApiError(each.code(), each.message()))
        .orElseGet(
            () -> {
              LOG.warn("Reading the record failed", failure);
              return new Answers.ApiError("internal", "the request failed; see the log");
            });
  }
}
