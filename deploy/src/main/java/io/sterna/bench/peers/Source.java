package io.sterna.bench.peers;

import java.io.IOException;

/** What puts changes into a peer. */
public interface Source {
  /** Puts every address to its first place, as many in a message as the peer takes. */
  void fill() throws IOException;

  /**
   * Puts these changes, one in a message, in order. They are on their way when this returns; it
   * waits while the peer takes no more.
   *
   * @param from the first
   * @param to behind the last
   */
  void send(long from, long to) throws IOException;
}
