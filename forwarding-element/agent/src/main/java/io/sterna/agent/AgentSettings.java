package io.sterna.agent;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sterna.agent.claim.ClaimSettings;
import io.sterna.agent.install.WriterSettings;
import io.sterna.agent.link.LinkSettings;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything configured about an agent; each key is explained in {@code reference.conf}.
 *
 * @param id who this forwarding element is
 * @param tls its certificate files
 * @param dataPlane what the kernel forwards with
 * @param link how sessions to controllers are kept
 * @param claims how claims are made
 * @param routes how routes are written
 * @param akka configuration of the agent's actor system
 */
public record AgentSettings(
    FeId id,
    TlsFiles tls,
    DataPlane dataPlane,
    LinkSettings link,
    ClaimSettings claims,
    WriterSettings routes,
    Config akka) {
  /** Certificate, private key and authority, as PEM files. */
  public record TlsFiles(Path certificate, Path key, Path authority) {}

  /**
   * The kernel's part, as configured.
   *
   * @param gatewayAddresses addresses of the bridge as {@code ADDRESS/LENGTH}
   */
  public record DataPlane(
      String networkNamespace,
      String bridge,
      MacAddress gatewayMac,
      List<String> gatewayAddresses,
      String tunnelDevice,
      int tunnelPort,
      int vni,
      int routeProtocol) {
    public DataPlane {
      gatewayAddresses = List.copyOf(gatewayAddresses);
    }

    /** The addresses without their lengths. */
    Set<IpAddress> gateways() {
      Set<IpAddress> gateways = new HashSet<>();
      for (String text : gatewayAddresses) {
        int slash = text.indexOf('/');
        gateways.add(IpAddress.parse(slash < 0 ? text : text.substring(0, slash)));
      }
      return gateways;
    }
  }

  /**
   * Reads the settings below {@code sterna.fe}.
   *
   * @param root what was configured, without defaults
   * @param baseDir where relative paths start
   * @throws ConfigException that names file, line, key and reason
   */
  public static AgentSettings from(Config root, Path baseDir) {
    return SettingsReader.of(root, baseDir).read();
  }
}
