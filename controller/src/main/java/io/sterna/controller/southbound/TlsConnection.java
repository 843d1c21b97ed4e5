package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import akka.util.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.concurrent.FastThreadLocal;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.tls.PeerName;
import io.sterna.protocol.wire.FrameCutter;
import io.sterna.protocol.wire.MalformedFrameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of one session: TLS, frames, messages; the last handler of its channel. Inbound
 * messages reach the session as they arrive, those of one read together. An element that claims
 * faster than the ranges decide is not slowed here, the session refuses what is too much; it is
 * slowed if the session itself does not come to take what was said.
 *
 * <p>Fields are confined to the channel's event loop, but for what is volatile or atomic. What
 * fails ends the channel, and that is heard of: no single write is waited for.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class TlsConnection extends ChannelInboundHandlerAdapter implements Connection {
  private static final Logger LOG = LoggerFactory.getLogger(TlsConnection.class);

  /** Some times what TCP takes at once; drained is a quarter of it. */
  static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(1 << 18, 1 << 20);

  /** How fast is learnt what a flush takes, and how much it sends: so many count. */
  private static final int FLUSHES_LEARNT = 8;

  /** The plain bytes of a TLS record, at most. */
  private static final int READ_BYTES = 16 << 10;

  /** So many are joined at most: some records, and no more than memory that is kept at hand. */
  private static final int JOINED_MAX_BYTES = 64 << 10;

  /** Reads that the session has not taken yet before nothing more is read. */
  private static final int UNTAKEN_MAX = 64;

  /** What BoringSSL decrypted, for the moment in which it is cut into frames. */
  private static final FastThreadLocal<byte[]> READ =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[READ_BYTES];
        }
      };

  private final Channel channel;
  private final SslHandler tls;
  private final long backlogLimitBytes;
  private final Consumer<Connection> opened;
  private final FrameCutter cutter = new FrameCutter();
  private final AtomicInteger untaken = new AtomicInteger();
  private final AtomicBoolean flushDue = new AtomicBoolean();

  /** What was written and leaves with the next flush: the event loop is woken for that only. */
  private final Queue<byte[]> unflushed = new ConcurrentLinkedQueue<>();

  private final AtomicInteger unflushedBytes = new AtomicInteger();

  /**
   * The last message that was written within the limit: a range of which the element has nothing
   * yet may be larger than all of that. The session's own.
   */
  private long withinLimitBytes;

  private final FlushPace pace;
  private volatile long flushIntervalNanos = FlushPace.INTERVAL_MIN_NANOS;
  private volatile long flushedNanos = System.nanoTime() - FlushPace.INTERVAL_MIN_NANOS;
  private long flushTakesNanos;

  /** What flushes send, and how long after each other: a burst alone is not much to send. */
  private long flushedBytes;

  private long betweenNanos = FlushPace.INTERVAL_MIN_NANOS;
  private volatile @Nullable PeerName peer;
  private @Nullable ActorRef<SessionCommand> session;
  private boolean isPaced;
  private List<SouthboundMessage> messages = new ArrayList<>();
  private @Nullable String reason;

  /**
   * A connection whose handshake has not begun.
   *
   * @param pace of all connections
   * @param opened is told when the element has shown who it is
   */
  TlsConnection(
      Channel channel,
      SslHandler tls,
      FlushPace pace,
      long backlogLimitBytes,
      Consumer<Connection> opened) {
    this.channel = channel;
    this.pace = pace;
    this.tls = tls;
    this.backlogLimitBytes = backlogLimitBytes;
    this.opened = opened;
  }

  @Override
  public PeerName peer() {
    return Objects.requireNonNull(peer, "the handshake is not over");
  }

  @Override
  public String remote() {
    return String.valueOf(channel.remoteAddress());
  }

  @Override
  public void listen(ActorRef<SessionCommand> listener) {
    channel
        .eventLoop()
        .execute(
            () -> {
              session = listener;
              if (channel.isActive()) {
                pace.opened();
                isPaced = true;
                hand();
                channel.config().setAutoRead(true);
              } else {
                sayEnded(listener);
              }
            });
  }

  @Override
  public void taken() {
    if (untaken.decrementAndGet() == 0 && !channel.config().isAutoRead()) {
      channel.config().setAutoRead(true);
    }
  }

  @Override
  public boolean write(ByteString frames) {
    byte[] bytes = frames.toArrayUnsafe();
    long backlogBytes = isCongested() ? backlogBytes() : 0;
    if (backlogBytes <= backlogLimitBytes) {
      withinLimitBytes = bytes.length;
    }
    unflushed.add(bytes);
    unflushedBytes.addAndGet(bytes.length);
    return backlogBytes <= backlogLimitBytes + withinLimitBytes;
  }

  private long backlogBytes() {
    long inChannel = channel.isWritable() ? 0 : channel.bytesBeforeWritable() + WATER_MARK.low();
    return inChannel + unflushedBytes.get();
  }

  @Override
  public void flush() {
    if (!flushDue.compareAndSet(false, true)) {
      return;
    }
    long now = System.nanoTime();
    long waitNanos = flushedNanos + flushIntervalNanos - now;
    if (waitNanos <= 0) {
      channel.eventLoop().execute(this::flushNow);
    } else {
      channel.eventLoop().schedule(this::flushNow, waitNanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public boolean isFlushDue() {
    return flushDue.get();
  }

  private void flushNow() {
    long beganNanos = System.nanoTime();
    long sinceNanos = beganNanos - flushedNanos;
    flushedNanos = beganNanos;
    // First: whoever writes from now on asks for the next flush.
    flushDue.set(false);
    int taken;
    try {
      taken = writeAll();
    } catch (OutOfMemoryError e) {
      // Of the memory outside the heap, which is bounded: what was taken from the queue is lost.
      end("no memory to send with: " + e.getMessage());
      return;
    }
    channel.flush();
    boolean wasCongested = unflushedBytes.getAndAdd(-taken) > WATER_MARK.high();
    if (wasCongested) {
      sayDrained();
    }
    long tookNanos = Math.min(FlushPace.COST_MAX_NANOS, System.nanoTime() - beganNanos);
    flushTakesNanos += (tookNanos - flushTakesNanos) / FLUSHES_LEARNT;
    flushedBytes += (taken - flushedBytes) / FLUSHES_LEARNT;
    betweenNanos += (sinceNanos - betweenNanos) / FLUSHES_LEARNT;
    flushIntervalNanos = pace.intervalNanos(flushTakesNanos, flushedBytes, betweenNanos);
  }

  /** Hands what was collected to TLS, joined: every single buffer costs as much as many bytes. */
  private int writeAll() {
    int taken = 0;
    ByteBuf joined = Unpooled.EMPTY_BUFFER;
    for (byte[] next = unflushed.poll(); next != null; next = unflushed.poll()) {
      if (next.length > joined.writableBytes()) {
        writeIfAny(joined);
        joined = next.length < JOINED_MAX_BYTES ? room(next, taken) : Unpooled.EMPTY_BUFFER;
      }
      if (next.length < JOINED_MAX_BYTES) {
        joined.writeBytes(next);
      } else {
        writeIfAny(Unpooled.wrappedBuffer(next));
      }
      taken += next.length;
    }
    writeIfAny(joined);
    return taken;
  }

  /** For this and what waits behind it. */
  private ByteBuf room(byte[] next, int taken) {
    int waiting = Math.min(unflushedBytes.get() - taken, JOINED_MAX_BYTES);
    return channel.alloc().buffer(Math.max(next.length, waiting));
  }

  private void writeIfAny(ByteBuf bytes) {
    if (bytes.isReadable()) {
      channel.write(bytes, channel.voidPromise());
    }
  }

  /** How long it waits between two flushes now. */
  long flushIntervalNanos() {
    return flushIntervalNanos;
  }

  @Override
  public boolean isCongested() {
    return !channel.isWritable() || unflushedBytes.get() > WATER_MARK.high();
  }

  @Override
  public void close() {
    channel.close();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        onHandshake();
      } else {
        LOG.info("Connection from {} refused: {}", remote(), rootOf(handshake.cause()));
        context.close();
      }
    } else if (event instanceof IdleStateEvent
        && session != null
        && channel.config().isAutoRead()) {
      // Who is not listened to is not silent; a handshake has a patience of its own.
      end("silent for too long");
    }
  }

  /** BoringSSL's engine says no more than that there is a problem; what it is, its cause says. */
  private static String rootOf(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root);
  }

  private void onHandshake() {
    try {
      peer = PeerName.of(tls.engine().getSession());
    } catch (SSLPeerUnverifiedException e) {
      end("it shows no usable certificate: " + e.getMessage());
      return;
    }
    // Nothing more is read until somebody listens.
    channel.config().setAutoRead(false);
    opened.accept(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      messages.addAll(cut(in));
    } catch (MalformedFrameException e) {
      end(String.valueOf(e.getMessage()));
    } finally {
      in.release();
    }
  }

  private List<SouthboundMessage> cut(ByteBuf in) throws MalformedFrameException {
    if (in.hasArray()) {
      return cutter.take(in.array(), in.arrayOffset() + in.readerIndex(), in.readableBytes());
    }
    List<SouthboundMessage> cut = new ArrayList<>();
    byte[] bytes = READ.get();
    while (in.isReadable()) {
      int length = Math.min(bytes.length, in.readableBytes());
      in.readBytes(bytes, 0, length);
      cut.addAll(cutter.take(bytes, 0, length));
    }
    return cut;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    hand();
  }

  private void hand() {
    ActorRef<SessionCommand> listener = session;
    if (listener == null || messages.isEmpty() || reason != null) {
      return;
    }
    if (untaken.incrementAndGet() > UNTAKEN_MAX) {
      channel.config().setAutoRead(false);
      if (untaken.get() == 0) {
        channel.config().setAutoRead(true);
      }
    }
    listener.tell(new Session.Received(messages));
    messages = new ArrayList<>();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    sayDrained();
  }

  private void sayDrained() {
    ActorRef<SessionCommand> listener = session;
    if (listener != null && channel.isWritable()) {
      listener.tell(Session.Drained.INSTANCE);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    String message = cause.getMessage();
    end(message == null ? cause.getClass().getSimpleName() : message);
  }

  private void end(String why) {
    if (reason == null) {
      reason = why;
    }
    channel.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    ActorRef<SessionCommand> listener = session;
    if (isPaced) {
      // Not one that ended before somebody listened.
      pace.closed();
    }
    if (listener != null) {
      hand();
      sayEnded(listener);
    }
  }

  private void sayEnded(ActorRef<SessionCommand> listener) {
    listener.tell(new Session.Ended(Optional.ofNullable(reason)));
  }
}
