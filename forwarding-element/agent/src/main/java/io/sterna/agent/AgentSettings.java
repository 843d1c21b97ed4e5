package io.sterna.agent;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sterna.agent.claim.ClaimSettings;
import io.sterna.agent.claim.SilenceSettings;
import io.sterna.agent.hypervisor.HypervisorSettings;
import io.sterna.agent.install.WriterSettings;
import io.sterna.agent.link.LinkSettings;
import io.sterna.agent.linux.LinuxDataPlaneSettings;
import io.sterna.agent.telemetry.TelemetrySettings;
import io.sterna.protocol.FeId;
import java.nio.file.Path;

/**
 * Everything configured about an agent; each key is explained in {@code reference.conf}.
 *
 * @param id who this forwarding element is
 * @param tls its certificate files
 * @param dataPlane what the kernel forwards with
 * @param link how sessions to controllers are kept
 * @param claims how claims are made
 * @param silence how it is found out that a VM fell silent
 * @param routes how routes are written
 * @param telemetry what traffic is counted and how it is reported
 * @param hypervisor what runs the VMs here
 * @param akka configuration of the agent's actor system
 */
public record AgentSettings(
    FeId id,
    TlsFiles tls,
    LinuxDataPlaneSettings dataPlane,
    LinkSettings link,
    ClaimSettings claims,
    SilenceSettings silence,
    WriterSettings routes,
    TelemetrySettings telemetry,
    HypervisorSettings hypervisor,
    Config akka) {
  /** Certificate, private key and authority, as PEM files. */
  public record TlsFiles(Path certificate, Path key, Path authority) {}

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
