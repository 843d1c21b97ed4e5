package io.sterna.controller.southbound;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.util.ByteString;
import com.typesafe.config.ConfigFactory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Heartbeat;
import io.sterna.protocol.wire.WireCodec;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection whose bytes are past TLS already. */
@SuppressWarnings("FutureReturnValueIgnored")
class TlsConnectionTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          ConfigFactory.parseString("akka.actor.provider = local")
              .withFallback(ConfigFactory.load()));
  private static final int LIMIT_BYTES = 4 << 20;

  private final TestProbe<SessionCommand> session = KIT.createTestProbe();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final FlushPace pace = new FlushPace(1);
  private final TlsConnection connection;

  TlsConnectionTest() throws NoSuchAlgorithmException {
    SslHandler tls = new SslHandler(SSLContext.getDefault().createSSLEngine());
    connection = new TlsConnection(channel, tls, pace, LIMIT_BYTES, opened -> {});
    channel.config().setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, TlsConnection.WATER_MARK);
    channel.pipeline().addLast(connection);
  }

  @AfterEach
  void release() {
    channel.finishAndReleaseAll();
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @Test
  void whatComesBeforeSomebodyListensIsToldThen() {
    byte[] frame = WireCodec.encodeFrame(new Heartbeat(1));
    channel.writeInbound(Unpooled.wrappedBuffer(frame));
    connection.listen(session.getRef());
    channel.runPendingTasks();
    assertEquals(List.of(new Heartbeat(1)), received());
  }

  @Test
  void messagesOfOneReadAreToldTogetherHoweverTheBytesAreCut() {
    listen();
    byte[] frames =
        WireCodec.encodeFrames(List.of(new Heartbeat(1), new Heartbeat(2), new Heartbeat(300)));
    channel.writeOneInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(frames, 0, 3)));
    channel.writeOneInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(frames, 3, frames.length)));
    channel.flushInbound();
    assertEquals(List.of(new Heartbeat(1), new Heartbeat(2), new Heartbeat(300)), received());
  }

  @Test
  void aMalformedFrameEndsItWithAReason() {
    listen();
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0, 0, 0, 0, 0}));
    String reason = session.expectMessageClass(Session.Ended.class).reason().orElseThrow();
    assertTrue(reason.startsWith("a body has 1 to "), reason);
    assertFalse(channel.isOpen());
  }

  @Test
  void anElementThatClosesIsNoFailure() {
    listen();
    channel.close();
    assertEquals(Optional.empty(), session.expectMessageClass(Session.Ended.class).reason());
  }

  @Test
  void anElementThatIsGoneBeforeSomebodyListensIsToldAsEnded() {
    channel.close();
    listen();
    session.expectMessageClass(Session.Ended.class);
  }

  @Test
  void silenceEndsItUnlessNobodyListens() {
    listen();
    channel.config().setAutoRead(false);
    channel.pipeline().fireUserEventTriggered(IdleStateEvent.READER_IDLE_STATE_EVENT);
    session.expectNoMessage(Duration.ofMillis(50));
    channel.config().setAutoRead(true);
    channel.pipeline().fireUserEventTriggered(IdleStateEvent.READER_IDLE_STATE_EVENT);
    assertEquals(
        Optional.of("silent for too long"),
        session.expectMessageClass(Session.Ended.class).reason());
  }

  @Test
  void aSessionThatDoesNotComeToTakeWhatWasSaidSlowsTheElement() {
    listen();
    byte[] frame = WireCodec.encodeFrame(new Heartbeat(1));
    int told = 0;
    while (channel.config().isAutoRead()) {
      channel.writeInbound(Unpooled.wrappedBuffer(frame));
      told++;
    }
    assertTrue(told < 1000, "after " + told + " reads");
    for (int i = 0; i < told; i++) {
      assertFalse(channel.config().isAutoRead());
      connection.taken();
    }
    assertTrue(channel.config().isAutoRead());
  }

  @Test
  void aBacklogIsCongestedThenOverItsLimitAndSaysWhenItIsDrained() {
    listen();
    ByteString frames = ByteString.fromArray(new byte[1 << 19]);
    assertTrue(connection.write(frames));
    assertFalse(connection.isCongested());
    assertTrue(connection.write(frames));
    assertTrue(connection.write(frames));
    assertTrue(connection.isCongested());
    int more = 0;
    while (connection.write(frames)) {
      more++;
    }
    // Three before, and two that begin with no more than the limit and one of them.
    assertEquals(LIMIT_BYTES / (1 << 19) - 3 + 2, more);
    session.expectNoMessage(Duration.ofMillis(50));
    connection.flush();
    channel.runPendingTasks();
    session.expectMessageClass(Session.Drained.class);
    assertFalse(connection.isCongested());
    ByteBuf first = channel.readOutbound();
    assertEquals(1 << 19, first.readableBytes());
    first.release();
  }

  @Test
  void oneMessageMayBeLargerThanTheLimit() {
    listen();
    ByteString range = ByteString.fromArray(new byte[LIMIT_BYTES + 1]);
    ByteString heartbeat = ByteString.fromArray(new byte[8]);
    assertTrue(connection.write(range));
    assertTrue(connection.write(heartbeat));
    assertTrue(connection.write(range));
    assertFalse(connection.write(heartbeat));
  }

  @Test
  void oneThatEndsBeforeSomebodyListensIsNotCounted() {
    ChannelHandlerContext context = channel.pipeline().context(connection);
    channel.close();
    listen();
    connection.channelInactive(context);
    pace.opened();
    assertEquals(FlushPace.INTERVAL_MAX_NANOS, busyInterval());
  }

  @Test
  void onlyThoseThatAreOpenAreCounted() {
    assertEquals(FlushPace.INTERVAL_MIN_NANOS, busyInterval());
    listen();
    assertEquals(FlushPace.INTERVAL_MAX_NANOS, busyInterval());
    channel.close();
    assertEquals(FlushPace.INTERVAL_MIN_NANOS, busyInterval());
  }

  @Test
  void oneThatIsBusySendsAfterAnIntervalAndForgetsNothing() throws InterruptedException {
    listen();
    ByteString frames = ByteString.fromArray(new byte[8]);
    int sent = 0;
    int flushes = 0;
    long beganNanos = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      connection.write(frames);
      connection.flush();
      channel.runPendingTasks();
      int bytes = outbound();
      sent += bytes;
      flushes += bytes > 0 ? 1 : 0;
    }
    assertTrue(sent > 0, "the first leaves at once");
    long intervals = (System.nanoTime() - beganNanos) / FlushPace.INTERVAL_MIN_NANOS;
    assertTrue(flushes <= intervals + 2, flushes + " flushes in " + intervals + " intervals");
    TimeUnit.NANOSECONDS.sleep(FlushPace.INTERVAL_MAX_NANOS);
    channel.runPendingTasks();
    assertEquals(100 * frames.size(), sent + outbound());
  }

  @Test
  void whatWasCollectedIsSentInOrderAndJoined() {
    listen();
    byte[] expected = new byte[300 * 1000];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = (byte) (i % 251);
    }
    // Small ones, and one that is larger than what is joined.
    int from = 0;
    for (int size : new int[] {1, 700, 64_000, 3_000, 200_000, 12, expected.length - 267_713}) {
      connection.write(ByteString.fromArray(expected, from, size));
      from += size;
    }
    assertEquals(expected.length, from);
    assertFalse(connection.isFlushDue());
    connection.flush();
    assertTrue(connection.isFlushDue());
    channel.runPendingTasks();
    assertFalse(connection.isFlushDue());
    ByteBuf all = Unpooled.buffer();
    int buffers = 0;
    for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
      all.writeBytes(each);
      each.release();
      buffers++;
    }
    assertArrayEquals(expected, ByteBufUtil.getBytes(all));
    assertTrue(buffers < 6, buffers + " buffers for 7 messages");
  }

  @Test
  void aBurstAloneIsNotMuchToSend() throws InterruptedException {
    listen();
    for (int i = 0; i < 999; i++) {
      pace.opened();
    }
    for (int i = 0; i < 20; i++) {
      send(8);
    }
    // As much as a busy one sends in so long.
    send(4096);
    assertEquals(FlushPace.INTERVAL_MIN_NANOS, connection.flushIntervalNanos());
    for (int i = 0; i < 20; i++) {
      send(1 << 16);
    }
    assertTrue(connection.flushIntervalNanos() > FlushPace.INTERVAL_MIN_NANOS);
  }

  private void send(int bytes) throws InterruptedException {
    connection.write(ByteString.fromArray(new byte[bytes]));
    connection.flush();
    while (outbound() == 0) {
      TimeUnit.MILLISECONDS.sleep(1);
      channel.runPendingTasks();
    }
  }

  private long busyInterval() {
    return pace.intervalNanos(FlushPace.INTERVAL_MIN_NANOS, 1 << 20, 1);
  }

  /** How many bytes were handed on. */
  private int outbound() {
    int bytes = 0;
    for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
      bytes += each.readableBytes();
      each.release();
    }
    return bytes;
  }

  private void listen() {
    connection.listen(session.getRef());
    channel.runPendingTasks();
  }

  private List<SouthboundMessage> received() {
    return session.expectMessageClass(Session.Received.class).messages();
  }
}
