package io.sterna.cli;

import com.typesafe.config.Config;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.protocol.tls.TlsIdentity;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a settings class cannot know from the text alone: certificates and free ports. */
final class RoleFile {
  private RoleFile() {}

  /**
   * Checks that the certificates under {@code tls} load and carry the role's own name.
   *
   * @param uri the name the role's id demands, for instance {@code urn:sterna:fe:fe1}
   */
  static void checkIdentity(ConfigFile file, String uri) throws ConfigFileException {
    Config tls = file.root().getConfig("tls");
    Path certificate = file.folder().resolve(tls.getString("certificate"));
    Path key = file.folder().resolve(tls.getString("key"));
    Path authority = file.folder().resolve(tls.getString("authority"));
    try {
      String name = TlsIdentity.load(certificate, key, authority).name().uri();
      if (!name.equals(uri)) {
        throw file.complaint(
            "tls.certificate", certificate + ": is the certificate of " + name + ", not of " + uri);
      }
    } catch (TlsFileException e) {
      String reason = String.valueOf(e.getMessage());
      String which = "tls.certificate";
      if (reason.startsWith(key + ": ")) {
        which = "tls.key";
      } else if (reason.startsWith(authority + ": ")) {
        which = "tls.authority";
      }
      throw file.complaint(which, reason);
    }
  }

  /**
   * Checks that every listener could be opened right now. Another process may still take a port
   * before the role does; then the role itself fails to start.
   *
   * @param listeners keys of objects with {@code host} and {@code port}
   */
  static void checkPortsFree(ConfigFile file, List<String> listeners) throws ConfigFileException {
    Map<String, String> taken = new HashMap<>();
    for (String listener : listeners) {
      Config config = file.root().getConfig(listener);
      String host = config.getString("host");
      int port = config.getInt("port");
      String other = taken.put(host + ":" + port, listener);
      if (other != null) {
        throw file.complaint(listener + ".port", port + " is the port of " + other + " too");
      }
      Optional<PortProbe.Obstacle> obstacle = PortProbe.obstacle(host, port);
      if (obstacle.isPresent()) {
        String key = listener + (obstacle.get().isAboutHost() ? ".host" : ".port");
        throw file.complaint(key, obstacle.get().reason());
      }
    }
  }
}
