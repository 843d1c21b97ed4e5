package io.sterna.store.cassandra;

/** The local Cassandra node cannot run; the message says why and what to change. */
public final class NodeException extends Exception {
  private static final long serialVersionUID = 1;

  NodeException(String reason) {
    super(reason);
  }

  NodeException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
