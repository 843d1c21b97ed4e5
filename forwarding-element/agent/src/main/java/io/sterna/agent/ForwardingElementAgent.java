package io.sterna.agent;

import akka.Done;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sterna.agent.forwarding.ForwardingTable;
import io.sterna.agent.link.AgentLink;
import io.sterna.agent.link.AgentStatus;
import io.sterna.agent.neighbourhood.Neighbourhood;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsFileException;
import io.sterna.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * A running agent: announcements become claims, feeds become routes. Thread-safe.
 *
 * <p>Closing it leaves every route in place, and so does its death: forwarding never stops.
 */
public final class ForwardingElementAgent implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ActorSystem<AgentLink.Command> system;
  private final AtomicBoolean inSync;

  private ForwardingElementAgent(ActorSystem<AgentLink.Command> system, AtomicBoolean inSync) {
    this.system = system;
    this.inSync = inSync;
  }

  /**
   * Starts an agent over any data plane; the caller closes that after the agent.
   *
   * @throws TlsFileException if a certificate file cannot be used
   * @throws ConfigException if the certificate names somebody else
   */
  public static ForwardingElementAgent start(
      AgentSettings settings, ForwardingTable table, Neighbourhood neighbourhood)
      throws TlsFileException {
    TlsIdentity identity = identity(settings);
    AtomicBoolean inSync = new AtomicBoolean();
    AgentLink.Parts parts =
        new AgentLink.Parts(
            settings.id(),
            software(),
            settings.link(),
            settings.claims(),
            settings.routes(),
            identity,
            table,
            neighbourhood,
            clock(),
            new SplittableRandom(settings.id().hashCode()),
            inSync);
    ActorSystem<AgentLink.Command> system =
        ActorSystem.create(
            AgentLink.create(parts),
            "sterna-fe-" + settings.id(),
            settings.akka().withFallback(ConfigFactory.defaultReference()).resolve());
    return new ForwardingElementAgent(system, inSync);
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
      system.log().error("the agent did not stop cleanly: {}", e.toString());
    }
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

  private static String software() {
    String version = ForwardingElementAgent.class.getPackage().getImplementationVersion();
    return "sterna-agent " + (version == null ? "from source" : version);
  }
}
