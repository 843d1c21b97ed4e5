package io.sterna.agent.link;

import akka.Done;
import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.io.TcpSO;
import akka.stream.BoundedSourceQueue;
import akka.stream.KillSwitches;
import akka.stream.QueueOfferResult;
import akka.stream.TLSClosing;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Framing;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.Tcp;
import akka.stream.typed.javadsl.ActorSink;
import akka.util.ByteString;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.SouthboundMessage.FromFe;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsIdentity;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.net.InetSocketAddress;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one session: TCP, TLS, frames, messages. Messages are decoded on the stream and go
 * straight to the link, one at a time, so that a controller which talks faster than this element
 * hears is slowed by TCP. Thread-safe.
 */
final class SessionStream {
  private final SessionId id;
  private final BoundedSourceQueue<FromFe> outgoing;
  private final UniqueKillSwitch killSwitch;
  private final AtomicReference<@Nullable ControllerId> peer;
  private final AtomicLong heardNanos;

  private SessionStream(
      SessionId id,
      BoundedSourceQueue<FromFe> outgoing,
      UniqueKillSwitch killSwitch,
      AtomicReference<@Nullable ControllerId> peer,
      AtomicLong heardNanos) {
    this.id = id;
    this.outgoing = outgoing;
    this.killSwitch = killSwitch;
    this.peer = peer;
    this.heardNanos = heardNanos;
  }

  /**
   * A stream that has begun to connect.
   *
   * @param stream the stream
   * @param connected completes when TCP is connected; TLS follows
   * @param ended completes when it is over, with the reason as a failure if there is one
   */
  record Running(
      SessionStream stream,
      CompletionStage<Tcp.OutgoingConnection> connected,
      CompletionStage<Done> ended) {}

  /** Why this side ended a session. */
  private static final class EndedHere extends Exception {
    private static final long serialVersionUID = 1L;

    EndedHere(String reason) {
      super(reason, null, false, false);
    }
  }

  private record Outbound(BoundedSourceQueue<FromFe> queue, UniqueKillSwitch killSwitch) {}

  private record Connecting(Outbound outbound, CompletionStage<Tcp.OutgoingConnection> connected) {}

  /** Begins to connect; what arrives goes to the link. */
  static Running open(
      SessionId id,
      ControllerAddress address,
      ControllerSession.Shared shared,
      ActorSystem<?> system) {
    TlsIdentity identity = shared.identity();
    LinkSettings settings = shared.settings();
    AtomicReference<@Nullable ControllerId> peer = new AtomicReference<>();
    AtomicLong heardNanos = new AtomicLong(shared.nanoTime().getAsLong());
    Flow<ByteString, ByteString, CompletionStage<Tcp.OutgoingConnection>> connection =
        Tcp.get(system)
            .outgoingConnectionWithTls(
                InetSocketAddress.createUnresolved(address.host(), address.port()),
                () -> identity.clientEngine(address.host(), address.port()),
                Optional.empty(),
                List.of(TcpSO.tcpNoDelay(true)),
                Optional.of(settings.connectTimeout()),
                Optional.empty(),
                session -> verify(session, peer),
                TLSClosing.eagerClose());
    return Source.<FromFe>queue(settings.outgoingMax())
        .viaMat(KillSwitches.single(), Outbound::new)
        .map(message -> ByteString.fromArrayUnsafe(WireCodec.encodeFrame(message)))
        .viaMat(connection, Connecting::new)
        .via(messages(heardNanos, shared.nanoTime()))
        .watchTermination(
            (connecting, ended) -> {
              Outbound outbound = connecting.outbound();
              SessionStream stream =
                  new SessionStream(id, outbound.queue(), outbound.killSwitch(), peer, heardNanos);
              return new Running(stream, connecting.connected(), ended);
            })
        .toMat(toLink(id, shared.link()), Keep.left())
        .run(system);
  }

  SessionId id() {
    return id;
  }

  /** Who the certificate says is there; null before the handshake is over. */
  @Nullable ControllerId peer() {
    return peer.get();
  }

  /** When the controller was last heard; when the stream was opened if it was not heard yet. */
  long heardNanos() {
    return heardNanos.get();
  }

  /**
   * Sends a message after those that wait. A controller that reads too slowly loses the session.
   */
  void send(FromFe message) {
    // A queue that is closed belongs to a session that is about to be reported as ended.
    if (outgoing.offer(message).equals(QueueOfferResult.dropped())) {
      end("the controller reads too slowly: the outgoing queue is full");
    }
  }

  /** Ends the connection. */
  void end(String reason) {
    killSwitch.abort(new EndedHere(reason));
  }

  /** Why a stream ended, in one line. */
  static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && !(cause instanceof MalformedFrameException)) {
      cause = cause.getCause();
    }
    String text =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    // Akka: 'Tcp command [Connect(...)] failed because of java.net.ConnectException: ...'
    int detail = text.indexOf("failed because of ");
    return detail < 0 ? text : text.substring(detail + "failed because of ".length());
  }

  private static Flow<ByteString, FromController, NotUsed> messages(
      AtomicLong heardNanos, LongSupplier nanoTime) {
    return Flow.<ByteString>create()
        .map(
            bytes -> {
              heardNanos.set(nanoTime.getAsLong());
              return bytes;
            })
        .via(
            Framing.lengthField(
                WireCodec.LENGTH_BYTES,
                0,
                WireCodec.LENGTH_BYTES + WireCodec.MAX_FRAME_BYTES,
                ByteOrder.BIG_ENDIAN))
        .map(SessionStream::decode);
  }

  private static FromController decode(ByteString frame) throws MalformedFrameException {
    byte[] bytes = frame.toArrayUnsafe();
    int length = bytes.length - WireCodec.LENGTH_BYTES;
    SouthboundMessage message = WireCodec.decodeBody(bytes, WireCodec.LENGTH_BYTES, length);
    if (message instanceof FromController fromController) {
      return fromController;
    }
    throw new IllegalStateException(
        "a controller never says " + message.getClass().getSimpleName());
  }

  private static Sink<FromController, NotUsed> toLink(
      SessionId id, ActorRef<AgentLink.Command> link) {
    return ActorSink.actorRefWithBackpressure(
        link,
        (ActorRef<AgentLink.Ack> acknowledge, FromController message) ->
            new AgentLink.Received(id, message, acknowledge),
        AgentLink.Ready::new,
        AgentLink.Ack.INSTANCE,
        new AgentLink.Ended(id, "closed by the controller"),
        failure -> new AgentLink.Ended(id, reason(failure)));
  }

  private static Optional<Throwable> verify(
      SSLSession session, AtomicReference<@Nullable ControllerId> peer) {
    try {
      PeerName name = PeerName.of(session);
      if (name instanceof PeerName.Controller controller) {
        peer.set(controller.id());
        return Optional.empty();
      }
      return Optional.of(new SSLPeerUnverifiedException(name.uri() + " is no controller"));
    } catch (SSLPeerUnverifiedException e) {
      return Optional.of(e);
    }
  }
}
