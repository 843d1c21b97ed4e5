package io.sterna.bench.peers;

import io.sterna.lab.LabException;
import io.sterna.lab.UnwindOnExit;

/** Takes a peer down: first its daemons, then the namespaces that they are in. */
final class Closing {
  private Closing() {}

  /** Both, even if one fails or this thread was interrupted. */
  static void all(PeerSite site, PeerNetwork network) throws LabException {
    UnwindOnExit.uninterrupted(
        () -> {
          try {
            site.close();
          } finally {
            network.close();
          }
        });
  }
}
