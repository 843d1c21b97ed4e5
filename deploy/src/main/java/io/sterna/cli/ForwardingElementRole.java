package io.sterna.cli;

import io.sterna.agent.AgentSettings;
import io.sterna.agent.ForwardingElementAgent;
import io.sterna.agent.linux.LinuxDataPlane;
import io.sterna.agent.linux.LinuxDataPlaneSettings;
import io.sterna.agent.linux.LinuxDataPlaneSettings.GatewayAddress;
import io.sterna.agent.linux.LinuxNeighbourhood;
import io.sterna.protocol.tls.TlsFileException;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** An agent over the kernel's data plane. Closing it leaves the kernel as it is: it forwards on. */
final class ForwardingElementRole implements AutoCloseable {
  private final ForwardingElementAgent agent;
  private final LinuxDataPlane dataPlane;

  private ForwardingElementRole(ForwardingElementAgent agent, LinuxDataPlane dataPlane) {
    this.agent = agent;
    this.dataPlane = dataPlane;
  }

  /**
   * The kernel's part of the settings.
   *
   * @throws IllegalArgumentException that names the value that is out of range
   */
  static LinuxDataPlaneSettings kernelSettings(AgentSettings settings) {
    AgentSettings.DataPlane plane = settings.dataPlane();
    return new LinuxDataPlaneSettings(
        plane.networkNamespace(),
        plane.bridge(),
        plane.gatewayMac(),
        plane.gatewayAddresses().stream().map(GatewayAddress::parse).toList(),
        plane.tunnelDevice(),
        plane.tunnelPort(),
        plane.vni(),
        plane.routeProtocol());
  }

  /**
   * Prepares the kernel and starts the agent.
   *
   * @throws IOException in one line: what the kernel lacks or refuses
   * @throws TlsFileException if a certificate file cannot be used
   */
  static ForwardingElementRole start(AgentSettings settings) throws IOException, TlsFileException {
    LinuxDataPlaneSettings kernel = kernelSettings(settings);
    RemoteAddresses remote = new RemoteAddresses();
    LinuxDataPlane plane =
        LinuxDataPlane.open(
            kernel,
            (namespace, bridge, gatewayMac) ->
                LinuxNeighbourhood.open(
                    namespace,
                    bridge,
                    gatewayMac,
                    kernel.gatewayAddresses().stream().map(GatewayAddress::address).toList(),
                    remote));
    try {
      ForwardingElementAgent agent =
          ForwardingElementAgent.start(
              settings, remote.watch(plane.forwardingTable()), plane.neighbourhood());
      return new ForwardingElementRole(agent, plane);
    } catch (IOException | TlsFileException | RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  CompletionStage<?> whenTerminated() {
    return agent.whenTerminated();
  }

  @Override
  public void close() throws IOException {
    agent.close();
    dataPlane.close();
  }
}
