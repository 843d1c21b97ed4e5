package io.sterna.store.cassandra;

/** The keyspace or one of its tables could not be created. */
public final class SchemaException extends Exception {
  private static final long serialVersionUID = 1;

  SchemaException(String reason) {
    super(reason);
  }

  SchemaException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
