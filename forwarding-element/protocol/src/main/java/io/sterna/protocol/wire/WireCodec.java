package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.KryoBufferOverflowException;
import com.esotericsoftware.kryo.io.KryoBufferUnderflowException;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.SouthboundMessage.Snapshot;
import io.sterna.protocol.wire.FeedLayouts.BindingLayout;
import java.util.List;
import java.util.Objects;

/**
 * Southbound messages to bytes and back.
 *
 * <p>A frame is a 4-byte big-endian length N, 1 to {@link #MAX_FRAME_BYTES}, and N bytes of body:
 * one version byte, the message type's id, the fields.
 *
 * <p>Safe for use by many threads. Kryo is not, so each thread has an encoder and a decoder of its
 * own, made at its first use; a thread keeps at most one frame's worth of buffer.
 */
public final class WireCodec {
  /** The most bytes of a body, the length prefix not counted. */
  public static final int MAX_FRAME_BYTES = 1 << 20;

  /** The bytes of the length in front of a body. */
  public static final int LENGTH_BYTES = 4;

  /**
   * A {@code Delta} or {@code Snapshot} with this many bindings fits a frame, whatever they hold: a
   * binding takes at most 101 bytes.
   */
  public static final int MAX_BINDINGS_PER_MESSAGE = 10_000;

  private static final byte VERSION = 1;

  /** Of {@code Delta} and {@code Snapshot} as they were; read only. */
  private static final byte NEAR_VERSION = 2;

  /** Of {@code Delta} and {@code Snapshot}, whose bindings are laid out more tightly since. */
  private static final byte FEED_VERSION = 3;

  /** The answer to a claim fits. */
  private static final int ROOM_PER_MESSAGE = 48;

  private static final byte[] NOTHING = {};

  private static final ThreadLocal<Encoder> ENCODER = ThreadLocal.withInitial(Encoder::new);
  private static final ThreadLocal<Decoder> DECODER = ThreadLocal.withInitial(Decoder::new);

  private WireCodec() {}

  /**
   * The whole frame, length prefix included.
   *
   * @throws IllegalArgumentException if the body would exceed {@link #MAX_FRAME_BYTES}, or a text
   *     of the message cannot be sent (more than 255 bytes of UTF-8, or control characters)
   */
  public static byte[] encodeFrame(SouthboundMessage message) {
    return ENCODER.get().encode(message);
  }

  /**
   * The whole frames of some messages, one behind the other.
   *
   * @throws IllegalArgumentException as {@link #encodeFrame}
   */
  public static byte[] encodeFrames(List<? extends SouthboundMessage> messages) {
    Encoder encoder = ENCODER.get();
    if (messages.size() == 1) {
      return encoder.encode(messages.get(0));
    }
    Output frames = new Output(ROOM_PER_MESSAGE * Math.max(1, messages.size()), -1);
    messages.forEach(message -> encoder.encode(message, frames));
    return frames.toBytes();
  }

  /**
   * Reads one body.
   *
   * @throws MalformedFrameException with a one-line reason if the bytes are not exactly one message
   */
  public static SouthboundMessage decodeBody(byte[] body) throws MalformedFrameException {
    return decodeBody(body, 0, body.length);
  }

  /**
   * Reads one body from a part of a buffer; the buffer is not kept.
   *
   * @throws MalformedFrameException with a one-line reason if the bytes are not exactly one message
   */
  public static SouthboundMessage decodeBody(byte[] buffer, int offset, int length)
      throws MalformedFrameException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0 || length > MAX_FRAME_BYTES) {
      throw new MalformedFrameException(
          "a body has 1 to " + MAX_FRAME_BYTES + " bytes, not " + length);
    }
    return DECODER.get().decode(buffer, offset, length);
  }

  private static final class Encoder {
    private final Kryo kryo = MessageTypes.newKryo();
    private final Kryo feedKryo = MessageTypes.newFeedKryo(BindingLayout.STEPS);
    private final Output out = new Output(512, LENGTH_BYTES + MAX_FRAME_BYTES);

    byte[] encode(SouthboundMessage message) {
      fill(message);
      return out.toBytes();
    }

    void encode(SouthboundMessage message, Output frames) {
      fill(message);
      frames.writeBytes(out.getBuffer(), 0, out.position());
    }

    private void fill(SouthboundMessage message) {
      try {
        out.setPosition(LENGTH_BYTES);
        boolean feed = message instanceof Delta || message instanceof Snapshot;
        out.writeByte(feed ? FEED_VERSION : VERSION);
        (feed ? feedKryo : kryo).writeClassAndObject(out, message);
      } catch (KryoBufferOverflowException e) {
        throw new IllegalArgumentException(
            message.getClass().getSimpleName() + " exceeds " + MAX_FRAME_BYTES + " bytes", e);
      }
      byte[] buffer = out.getBuffer();
      int length = out.position() - LENGTH_BYTES;
      for (int i = 0; i < LENGTH_BYTES; i++) {
        buffer[i] = (byte) (length >>> (8 * (LENGTH_BYTES - 1 - i)));
      }
    }
  }

  private static final class Decoder {
    private final Kryo allKryo = MessageTypes.newKryo();
    private final Kryo nearKryo = MessageTypes.newFeedKryo(BindingLayout.NEAR);
    private final Kryo feedKryo = MessageTypes.newFeedKryo(BindingLayout.STEPS);
    private final Input in = new Input(NOTHING);

    SouthboundMessage decode(byte[] buffer, int offset, int length) throws MalformedFrameException {
      in.setBuffer(buffer, offset, length);
      try {
        SouthboundMessage message = read(kryoOf(in.readByte()));
        int trailing = in.limit() - in.position();
        if (trailing > 0) {
          throw new MalformedFrameException(
              trailing + " bytes after " + message.getClass().getSimpleName());
        }
        return message;
      } catch (KryoBufferUnderflowException e) {
        throw new MalformedFrameException("truncated at " + length + " bytes", e);
      } catch (KryoException | IllegalArgumentException e) {
        throw new MalformedFrameException(String.valueOf(e.getMessage()), e);
      } finally {
        in.setBuffer(NOTHING);
      }
    }

    private Kryo kryoOf(int version) throws MalformedFrameException {
      return switch (version) {
        case VERSION -> allKryo;
        case NEAR_VERSION -> nearKryo;
        case FEED_VERSION -> feedKryo;
        default -> throw new MalformedFrameException("unknown version " + version);
      };
    }

    private SouthboundMessage read(Kryo kryo) throws MalformedFrameException {
      // Not readClassAndObject: it would read a number or a string, which Kryo always knows.
      Registration registration = kryo.readClass(in);
      Class<?> type = registration == null ? Void.class : registration.getType();
      if (!SouthboundMessage.class.isAssignableFrom(type)) {
        throw new MalformedFrameException("not a message");
      }
      return kryo.readObject(in, type.asSubclass(SouthboundMessage.class));
    }
  }
}
