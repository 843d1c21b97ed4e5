package io.sterna.store.cassandra;

import org.jspecify.annotations.Nullable;

/** An epoch could not be taken or validated now: nothing may be acknowledged on it. */
public final class EpochUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  EpochUnavailableException(String what, @Nullable Throwable cause) {
    super(cause == null ? what : what + ": " + cause.getMessage(), cause);
  }
}
