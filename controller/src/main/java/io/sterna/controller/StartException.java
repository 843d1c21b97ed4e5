package io.sterna.controller;

/** A controller cannot start; nothing of it runs. The message is one line for the operator. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String key;

  /**
   * @param key the setting to look at, below {@code sterna.controller}
   * @param reason what is wrong
   */
  public StartException(String key, String reason) {
    super(reason);
    this.key = key;
  }

  /** The setting to look at, below {@code sterna.controller}. */
  public String key() {
    return key;
  }
}
