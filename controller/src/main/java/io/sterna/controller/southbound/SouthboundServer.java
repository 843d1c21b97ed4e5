package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.io.Inet;
import akka.io.TcpSO;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Tcp;
import io.sterna.controller.ControllerSettings;
import io.sterna.controller.cluster.ControllerDirectory;
import io.sterna.controller.owner.RangeOwners;
import io.sterna.protocol.FeEndpoint;
import io.sterna.protocol.FeId;
import io.sterna.protocol.tls.TlsIdentity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Where forwarding elements connect. */
public final class SouthboundServer {
  private static final int CONNECTION_QUEUE = 128;

  private SouthboundServer() {}

  /**
   * The registry of sessions.
   *
   * @param owners given later: ranges and sessions need each other
   */
  public static Behavior<Sessions.Command> registry(
      ControllerSettings settings,
      TlsIdentity tls,
      ControllerDirectory directory,
      Supplier<RangeOwners> owners) {
    ControllerSettings.Southbound southbound = settings.southbound();
    Map<FeId, FeEndpoint> inventory = new TreeMap<>();
    settings.forwardingElements().forEach(element -> inventory.put(element.fe(), element));
    return Sessions.create(
        settings.id(),
        registry -> {
          Southbound shared =
              new Southbound(
                  settings.id(),
                  southbound,
                  settings.policy().claimsPerSecond(),
                  settings.ranges(),
                  inventory,
                  directory::endpoints,
                  (range, command) -> owners.get().tell(range, command),
                  registry);
          return tcp ->
              Session.create(
                  shared,
                  tcp.remoteAddress().toString(),
                  (session, system) -> SessionStream.run(tcp, southbound, tls, session, system));
        });
  }

  /** Listens; completes when the port is bound. */
  public static CompletionStage<Tcp.ServerBinding> listen(
      ActorSystem<?> system,
      ControllerSettings.Endpoint listen,
      ActorRef<Sessions.Command> registry) {
    List<Inet.SocketOption> options = List.of(TcpSO.tcpNoDelay(true), TcpSO.keepAlive(true));
    return Tcp.get(system)
        .bind(listen.host(), listen.port(), CONNECTION_QUEUE, options, true, Optional.empty())
        .to(Sink.foreach(tcp -> registry.tell(new Sessions.Connected(tcp))))
        .run(system);
  }
}
