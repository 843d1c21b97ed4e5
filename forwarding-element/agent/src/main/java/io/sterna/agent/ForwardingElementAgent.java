package io.sterna.agent;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.hypervisor.CommandHypervisor;
import io.sterna.agent.hypervisor.Hypervisor;
import io.sterna.agent.hypervisor.HypervisorSettings;
import io.sterna.agent.link.AgentLink;
import io.sterna.agent.link.AgentStatus;
import io.sterna.agent.link.CountedTraffic;
import io.sterna.agent.link.RemoteAddresses;
import io.sterna.agent.linux.LinuxDataPlane;
import io.sterna.agent.linux.LinuxDataPlaneSettings.GatewayAddress;
import io.sterna.agent.linux.LinuxNeighbourhood;
import io.sterna.agent.neighbourhood.Neighbourhood;
import io.sterna.agent.telemetry.HostTraffic;
import io.sterna.agent.telemetry.TrafficSource;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.protocol.tls.TlsIdentity;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent: announcements become claims, feeds become routes. Thread-safe.
 *
 * <p>Closing it leaves every route in place, and so does its death: forwarding never stops.
 */
public final class ForwardingElementAgent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ForwardingElementAgent.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ActorSystem<AgentLink.Command> system;
  private final AtomicBoolean inSync;
  private final Closeable dataPlane;

  private ForwardingElementAgent(
      ActorSystem<AgentLink.Command> system, AtomicBoolean inSync, Closeable dataPlane) {
    this.system = system;
    this.inSync = inSync;
    this.dataPlane = dataPlane;
  }

  /**
   * Starts an agent over the Linux kernel.
   *
   * @throws TlsFileException if a certificate file cannot be used
   * @throws ConfigException if the certificate names somebody else
   * @throws IOException if the kernel cannot be used, in one line
   */
  public static ForwardingElementAgent start(AgentSettings settings)
      throws TlsFileException, IOException {
    TlsIdentity identity = identity(settings);
    RemoteAddresses remote = new RemoteAddresses();
    List<IpAddress> gateways =
        settings.dataPlane().gatewayAddresses().stream().map(GatewayAddress::address).toList();
    LinuxDataPlane dataPlane =
        LinuxDataPlane.open(
            settings.dataPlane(),
            (namespace, bridge, mac) ->
                LinuxNeighbourhood.open(namespace, bridge, mac, gateways, remote));
    return start(
        settings,
        identity,
        dataPlane.forwardingTable(),
        dataPlane.neighbourhood(),
        remote,
        HostTraffic.open(settings.telemetry()),
        dataPlane::close);
  }

  /**
   * Starts an agent over any data plane; the caller closes that after the agent. Traffic is not
   * counted.
   *
   * @throws TlsFileException if a certificate file cannot be used
   * @throws ConfigException if the certificate names somebody else
   */
  public static ForwardingElementAgent start(
      AgentSettings settings, ForwardingTable table, Neighbourhood neighbourhood)
      throws TlsFileException {
    TlsIdentity identity = identity(settings);
    return start(
        settings,
        identity,
        table,
        neighbourhood,
        new RemoteAddresses(),
        Optional.empty(),
        () -> {});
  }

  private static ForwardingElementAgent start(
      AgentSettings settings,
      TlsIdentity identity,
      ForwardingTable table,
      Neighbourhood neighbourhood,
      RemoteAddresses remote,
      Optional<TrafficSource> traffic,
      Closeable dataPlane) {
    AtomicBoolean inSync = new AtomicBoolean();
    AgentLink.Parts parts =
        new AgentLink.Parts(
            settings.id(),
            software(),
            settings.link(),
            settings.claims(),
            settings.silence(),
            settings.routes(),
            identity,
            table,
            neighbourhood,
            clock(),
            new SplittableRandom(settings.id().hashCode()),
            inSync,
            remote,
            traffic.map(source -> new CountedTraffic(settings.telemetry(), source, incarnation())),
            hypervisor(settings.hypervisor()),
            settings.hypervisor().reportInterval());
    ActorSystem<AgentLink.Command> system =
        ActorSystem.create(
            AgentLink.create(parts),
            "sterna-fe-" + settings.id(),
            settings.akka().withFallback(ConfigFactory.defaultReference()).resolve());
    return new ForwardingElementAgent(system, inSync, dataPlane);
  }

  /** Whether the agent heard of every range since it started. */
  public boolean inSync() {
    return inSync.get();
  }

  /**
   * What the agent knows about itself now.
   *
   * @throws IOException if it does not answer, because it is closed
   */
  public AgentStatus status() throws IOException {
    try {
      return AskPattern.ask(system, AgentLink.GetStatus::new, PATIENCE, system.scheduler())
          .toCompletableFuture()
          .get();
    } catch (ExecutionException e) {
      throw new IOException("the agent does not answer: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the agent", e);
    }
  }

  /** Completes when the agent has stopped, for whatever reason. */
  public CompletionStage<Done> whenTerminated() {
    return system.getWhenTerminated();
  }

  @Override
  public void close() {
    system.terminate();
    try {
      whenTerminated().toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.error("the agent did not stop cleanly: {}", e.toString());
    }
    try {
      dataPlane.close();
    } catch (IOException e) {
      LOG.error("the data plane did not close cleanly: {}", e.getMessage());
    }
  }

  private static Optional<Hypervisor> hypervisor(HypervisorSettings settings) {
    return settings.command().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new CommandHypervisor(settings.command(), settings.timeout(), settings.moveTimeout()));
  }

  private static TlsIdentity identity(AgentSettings settings) throws TlsFileException {
    AgentSettings.TlsFiles files = settings.tls();
    TlsIdentity identity = TlsIdentity.load(files.certificate(), files.key(), files.authority());
    if (!identity.name().equals(new PeerName.ForwardingElement(settings.id()))) {
      throw new ConfigException.Generic(
          "sterna.fe.id is %s, but %s belongs to %s"
              .formatted(settings.id(), files.certificate(), identity.name().uri()));
    }
    return identity;
  }

  /** Nanoseconds since now. */
  private static LongSupplier clock() {
    long start = System.nanoTime();
    return () -> System.nanoTime() - start;
  }

  /** By chance: no clock need be right. Positive, because that takes fewer bytes. */
  private static long incarnation() {
    return new SecureRandom().nextLong() & Long.MAX_VALUE;
  }

  private static String software() {
    String version = ForwardingElementAgent.class.getPackage().getImplementationVersion();
    return "sterna-agent " + (version == null ? "from source" : version);
  }
}
