package io.sterna.controller.owner;

import akka.util.ByteString;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The last deltas of a range as they were sent, for elements that return after a short cut. Bounded
 * in bytes: frames take a tenth of what their bindings take as objects, and hardly one is read. The
 * last one is kept however large: elements that are asked where they are need one to answer.
 *
 * <p>All in one array. As objects they outlived collection after collection of the young space and
 * were copied by each, which was most of a collection's time, before they were dropped.
 */
final class RecentDeltas {
  // Of each delta: revision and hash that it continues, its changes, its size, and then its frame.
  private static final int HASH = Long.BYTES;
  private static final int CHANGES = HASH + ChainHash.BYTES;
  private static final int SIZE = CHANGES + Integer.BYTES;
  private static final int FRAME = SIZE + Integer.BYTES;

  private final long limitBytes;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private int begin;
  private int end;
  private int deltas;

  RecentDeltas(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  void clear() {
    begin = 0;
    end = 0;
    deltas = 0;
  }

  /**
   * One that continues the last one.
   *
   * @param changes how many bindings it has
   */
  void add(RangePosition from, ByteString frame, int changes) {
    while (deltas > 0 && framesBytes() + frame.size() > limitBytes) {
      begin = after(begin);
      deltas--;
    }
    makeRoom(FRAME + frame.size());
    buffer.position(end);
    buffer.putLong(from.revision());
    buffer.put(from.hash().toBytes());
    buffer.putInt(changes);
    buffer.putInt(frame.size());
    frame.copyToBuffer(buffer);
    end = buffer.position();
    deltas++;
  }

  /** All frames, one after the other. */
  ByteString all() {
    ByteBuffer frames = ByteBuffer.allocate(framesBytes());
    for (int at = begin; at < end; at = after(at)) {
      frames.put(buffer.array(), at + FRAME, size(at));
    }
    return ByteString.fromArrayUnsafe(frames.array());
  }

  /**
   * How much was sent since somebody was there, without reading it; empty if that is not known any
   * more.
   */
  Optional<Extent> extentSince(RangePosition position) {
    boolean found = false;
    int frames = 0;
    int size = 0;
    int changes = 0;
    for (int at = begin; at < end; at = after(at)) {
      found = found || continues(at, position);
      if (found) {
        frames++;
        size += size(at);
        changes += buffer.getInt(at + CHANGES);
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
  Optional<Missed> since(RangePosition position) {
    boolean found = false;
    Map<IpAddress, Binding> latest = new LinkedHashMap<>();
    for (int at = begin; at < end; at = after(at)) {
      found = found || continues(at, position);
      if (found) {
        changes(at).forEach(change -> latest.put(change.address(), change));
      }
    }
    return found && latest.size() <= WireCodec.MAX_BINDINGS_PER_MESSAGE
        ? Optional.of(new Missed(position, new ArrayList<>(latest.values())))
        : Optional.empty();
  }

  private List<Binding> changes(int at) {
    try {
      SouthboundMessage message =
          WireCodec.decodeBody(
              buffer.array(),
              at + FRAME + WireCodec.LENGTH_BYTES,
              size(at) - WireCodec.LENGTH_BYTES);
      return ((Delta) message).changes();
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("a frame of our own", e);
    }
  }

  private boolean continues(int at, RangePosition position) {
    return buffer.getLong(at) == position.revision() && hash(at).equals(position.hash());
  }

  private ChainHash hash(int at) {
    byte[] hash = new byte[ChainHash.BYTES];
    buffer.get(at + HASH, hash);
    return ChainHash.ofBytes(hash);
  }

  private int size(int at) {
    return buffer.getInt(at + SIZE);
  }

  private int after(int at) {
    return at + FRAME + size(at);
  }

  private int framesBytes() {
    return end - begin - deltas * FRAME;
  }

  /** What it takes in memory: at most half as much again as the most that was kept. */
  int arrayBytes() {
    return buffer.capacity();
  }

  /** Moves what there is to the front, of a larger array if less than a quarter would be free. */
  private void makeRoom(int bytes) {
    if (end + bytes <= buffer.capacity()) {
      return;
    }
    int live = end - begin;
    int capacity = buffer.capacity();
    ByteBuffer to =
        live + bytes > capacity - capacity / 4
            ? ByteBuffer.allocate((live + bytes) / 2 * 3 + 1)
            : buffer;
    System.arraycopy(buffer.array(), begin, to.array(), 0, live);
    buffer = to;
    begin = 0;
    end = live;
  }
}
