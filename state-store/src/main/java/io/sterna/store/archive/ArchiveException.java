package io.sterna.store.archive;

/** A file of the archive is not what it should be, or not there; nothing is passed over. */
public final class ArchiveException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param file its name
   * @param reason one line
   */
  public ArchiveException(String file, String reason) {
    super("archive: " + file + ": " + reason);
  }

  /**
   * @param file its name
   * @param reason one line
   */
  public ArchiveException(String file, String reason, Throwable cause) {
    super("archive: " + file + ": " + reason, cause);
  }
}
