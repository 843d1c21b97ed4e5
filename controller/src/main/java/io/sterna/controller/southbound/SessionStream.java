package io.sterna.controller.southbound;

import akka.NotUsed;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.japi.Pair;
import akka.stream.BoundedSourceQueue;
import akka.stream.KillSwitches;
import akka.stream.QueueOfferResult;
import akka.stream.TLSClosing;
import akka.stream.TLSProtocol;
import akka.stream.UniqueKillSwitch;
import akka.stream.javadsl.BidiFlow;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Keep;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.stream.javadsl.TLS;
import akka.stream.javadsl.Tcp;
import akka.stream.typed.javadsl.ActorSink;
import akka.util.ByteString;
import io.sterna.controller.ControllerSettings;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.tls.TlsIdentity;
import io.sterna.protocol.wire.FrameCutter;
import io.sterna.protocol.wire.MalformedFrameException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one session: TCP, TLS, frames, messages. Inbound messages reach the session as they
 * arrive, those of one TLS record together; an element that claims faster than the ranges decide is
 * not slowed here, the session refuses what is too much. Outbound frames wait in a queue bounded in
 * bytes.
 */
final class SessionStream {
  /** Some times what TCP takes at once. */
  private static final long CONGESTED_BYTES = 1 << 20;

  private static final long DRAINED_BYTES = 1 << 18;
  private static final int QUEUED_FRAMES = 1 << 16;
  private static final long WRITE_BYTES = 64 << 10;

  private final BoundedSourceQueue<ByteString> queue;
  private final UniqueKillSwitch killSwitch;
  private final AtomicLong backlogBytes;
  private final long backlogLimitBytes;
  private final AtomicBoolean congested;
  private final AtomicReference<@Nullable PeerName> peer;

  SessionStream(
      Pair<BoundedSourceQueue<ByteString>, UniqueKillSwitch> running,
      AtomicLong backlogBytes,
      AtomicBoolean congested,
      long backlogLimitBytes,
      AtomicReference<@Nullable PeerName> peer) {
    this.queue = running.first();
    this.killSwitch = running.second();
    this.backlogBytes = backlogBytes;
    this.congested = congested;
    this.backlogLimitBytes = backlogLimitBytes;
    this.peer = peer;
  }

  /** Starts to read and write the connection. */
  static SessionStream run(
      Tcp.IncomingConnection tcp,
      ControllerSettings.Southbound settings,
      TlsIdentity identity,
      ActorRef<SessionCommand> session,
      ActorSystem<?> system) {
    AtomicLong backlogBytes = new AtomicLong();
    AtomicBoolean congested = new AtomicBoolean();
    AtomicReference<@Nullable PeerName> peer = new AtomicReference<>();
    Source<ByteString, BoundedSourceQueue<ByteString>> outbound =
        Source.<ByteString>queue(QUEUED_FRAMES)
            .map(
                frames -> {
                  if (backlogBytes.addAndGet(-frames.size()) <= DRAINED_BYTES
                      && congested.compareAndSet(true, false)) {
                    session.tell(Session.Drained.INSTANCE);
                  }
                  return frames;
                })
            .batchWeighted(
                WRITE_BYTES, bytes -> (long) bytes.size(), bytes -> bytes, ByteString::concat);
    Sink<ByteString, NotUsed> inbound =
        Flow.<ByteString>create()
            .statefulMap(FrameCutter::new, SessionStream::cut, cutter -> Optional.empty())
            .filter(messages -> !messages.isEmpty())
            .idleTimeout(settings.silenceLimit())
            .to(toSession(session));
    Pair<BoundedSourceQueue<ByteString>, UniqueKillSwitch> running =
        outbound
            .viaMat(KillSwitches.single(), Keep.both())
            .via(tls(identity, peer).join(tcp.flow()))
            .toMat(inbound, Keep.left())
            .run(system);
    return new SessionStream(running, backlogBytes, congested, settings.backlogLimitBytes(), peer);
  }

  /** Who the certificate says is there; null before the handshake is over. */
  @Nullable PeerName peer() {
    return peer.get();
  }

  /** Queues frames; false if the backlog is over its limit. */
  boolean offer(ByteString frames) {
    if (backlogBytes.addAndGet(frames.size()) > backlogLimitBytes) {
      return false;
    }
    QueueOfferResult result = queue.offer(frames);
    // A queue that is closed belongs to a session that is about to hear of its end.
    return !result.equals(QueueOfferResult.dropped());
  }

  /**
   * Whether more is queued than an element that keeps up leaves. Then {@link Session.Drained}
   * follows when it has read nearly all of it.
   */
  boolean isCongested() {
    if (backlogBytes.get() <= CONGESTED_BYTES) {
      return false;
    }
    congested.set(true);
    return true;
  }

  /**
   * Whether it was all read before {@link #isCongested} took effect: then nobody else says {@link
   * Session.Drained}. To be asked after each time that it was true.
   */
  boolean isDrainedAlready() {
    return backlogBytes.get() <= DRAINED_BYTES && congested.compareAndSet(true, false);
  }

  /** Ends the connection. */
  void close() {
    killSwitch.shutdown();
  }

  private static BidiFlow<ByteString, ByteString, ByteString, ByteString, NotUsed> tls(
      TlsIdentity identity, AtomicReference<@Nullable PeerName> peer) {
    BidiFlow<ByteString, TLSProtocol.SslTlsOutbound, TLSProtocol.SslTlsInbound, ByteString, NotUsed>
        plain =
            BidiFlow.fromFlows(
                Flow.<ByteString>create().map(bytes -> new TLSProtocol.SendBytes(bytes)),
                Flow.<TLSProtocol.SslTlsInbound>create().mapConcat(SessionStream::bytesOf));
    return plain.atop(
        TLS.create(
            identity::serverEngine, session -> peer.set(nameOf(session)), TLSClosing.eagerClose()));
  }

  private static List<ByteString> bytesOf(TLSProtocol.SslTlsInbound inbound) {
    return inbound instanceof TLSProtocol.SessionBytes bytes ? List.of(bytes.bytes()) : List.of();
  }

  private static PeerName nameOf(SSLSession session) {
    try {
      return PeerName.of(session);
    } catch (SSLPeerUnverifiedException e) {
      throw new IllegalStateException("the peer shows no usable certificate", e);
    }
  }

  private static Pair<FrameCutter, List<SouthboundMessage>> cut(
      FrameCutter cutter, ByteString arrived) throws MalformedFrameException {
    byte[] bytes = arrived.toArrayUnsafe();
    return Pair.create(cutter, cutter.take(bytes, 0, bytes.length));
  }

  private static Sink<List<SouthboundMessage>, NotUsed> toSession(
      ActorRef<SessionCommand> session) {
    return ActorSink.actorRefWithBackpressure(
        session,
        Session.Received::new,
        Session.Opened::new,
        Session.Ack.INSTANCE,
        new Session.Ended(Optional.empty()),
        failure -> new Session.Ended(Optional.of(reason(failure))));
  }

  private static String reason(Throwable failure) {
    if (failure instanceof TimeoutException) {
      return "silent for too long";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
