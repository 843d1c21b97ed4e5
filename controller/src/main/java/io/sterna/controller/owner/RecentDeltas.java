package io.sterna.controller.owner;

import akka.util.ByteString;
import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last deltas of a range as they were sent, for elements that return after a short cut. Bounded
 * in bytes: frames take a tenth of what their bindings take as objects, and hardly one is read. The
 * last one is kept however large: elements that are asked where they are need one to answer.
 */
final class RecentDeltas {
  private final long limitBytes;
  private final Deque<Sent> deltas = new ArrayDeque<>();
  private long bytes;

  private record Sent(RangePosition from, ByteString frame, int changes) {}

  RecentDeltas(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  void clear() {
    deltas.clear();
    bytes = 0;
  }

  /**
   * One that continues the last one.
   *
   * @param changes how many bindings it has
   */
  void add(RangePosition from, ByteString frame, int changes) {
    deltas.add(new Sent(from, frame, changes));
    bytes += frame.size();
    while (bytes > limitBytes && deltas.size() > 1) {
      bytes -= deltas.remove().frame().size();
    }
  }

  /** All frames, one after the other. */
  ByteString all() {
    ByteString frames = ByteString.emptyByteString();
    for (Sent sent : deltas) {
      frames = frames.concat(sent.frame());
    }
    return frames;
  }

  /**
   * How much was sent since somebody was there, without reading it; empty if that is not known any
   * more.
   */
  Optional<Extent> extentSince(RangePosition at) {
    boolean found = false;
    int frames = 0;
    int size = 0;
    int changes = 0;
    for (Sent sent : deltas) {
      found = found || sent.from().sameContent(at);
      if (found) {
        frames++;
        size += sent.frame().size();
        changes += sent.changes();
      }
    }
    return found ? Optional.of(new Extent(frames, size, changes)) : Optional.empty();
  }

  /**
   * Some of the deltas.
   *
   * @param changes in them: of some addresses more than one
   */
  record Extent(int deltas, int bytes, int changes) {}

  /**
   * What changed since somebody was there, the latest of each address; empty if that is not known
   * any more, or more than one message takes.
   */
  Optional<Missed> since(RangePosition at) {
    boolean found = false;
    Map<IpAddress, Binding> latest = new LinkedHashMap<>();
    for (Sent sent : deltas) {
      found = found || sent.from().sameContent(at);
      if (found) {
        changes(sent.frame()).forEach(change -> latest.put(change.address(), change));
      }
    }
    return found && latest.size() <= WireCodec.MAX_BINDINGS_PER_MESSAGE
        ? Optional.of(new Missed(at, new ArrayList<>(latest.values())))
        : Optional.empty();
  }

  private static List<Binding> changes(ByteString frame) {
    byte[] bytes = frame.toArrayUnsafe();
    try {
      SouthboundMessage message =
          WireCodec.decodeBody(
              bytes, WireCodec.LENGTH_BYTES, bytes.length - WireCodec.LENGTH_BYTES);
      return ((Delta) message).changes();
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("a frame of our own", e);
    }
  }
}
