package io.sterna.loadgen.run;

import io.sterna.loadgen.scenario.Scenario;
import io.sterna.protocol.FeId;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.protocol.tls.TlsIdentity;
import java.nio.file.Path;

/** The certificates of a scenario's elements. */
final class Identities {
  private Identities() {}

  /**
   * An element's certificate.
   *
   * @throws TlsFileException if it is missing or bad
   * @throws IllegalArgumentException if it is somebody else's
   */
  static TlsIdentity of(FeId id, Scenario.Tls tls) throws TlsFileException {
    Path folder = tls.certificateFolder();
    TlsIdentity identity =
        TlsIdentity.load(folder.resolve(id + ".pem"), folder.resolve(id + ".key"), tls.authority());
    if (!identity.name().equals(new PeerName.ForwardingElement(id))) {
      throw new IllegalArgumentException(
          folder.resolve(id + ".pem") + " is the certificate of " + identity.name().uri());
    }
    return identity;
  }
}
