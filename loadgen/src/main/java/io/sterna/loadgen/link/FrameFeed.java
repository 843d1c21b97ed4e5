package io.sterna.loadgen.link;

import io.sterna.protocol.SouthboundMessage.FromController;
import io.sterna.protocol.wire.WireCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a controller sends, as the bytes it sends, without a socket: each element cuts and reads its
 * own. Not thread-safe.
 */
public final class FrameFeed {
  private final DecodedFrames decoded = new DecodedFrames();

  /** The end of one element. */
  public static final class Ear {
    private final FrameCutter cutter;

    private Ear(FrameCutter cutter) {
      this.cutter = cutter;
    }

    /**
     * Takes bytes, and hands out the messages that are complete.
     *
     * @throws UncheckedIOException if no controller says this
     */
    public void hear(byte[] bytes, Consumer<FromController> messages) {
      try {
        cutter.take(bytes, 0, bytes.length, messages);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** One more element. */
  public Ear newEar() {
    return new Ear(new FrameCutter(decoded));
  }

  /** The frames of messages, one behind the other. */
  public static byte[] encode(List<? extends FromController> messages) {
    return WireCodec.encodeFrames(messages);
  }
}
