package io.sterna.bench.peers.bgp;

import java.io.IOException;

/** The other side of a session does not speak BGP-4, or ended it; the message is one line. */
public final class BgpException extends IOException {
  private static final long serialVersionUID = 1;

  BgpException(String message) {
    super(message);
  }
}
