package io.sterna.monitoring.flow;

import io.sterna.protocol.IpAddress;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sFlow version 5 datagrams of one agent (sflow.org, sflow_version_5.txt).
 *
 * <p>A sampled packet stands for as many as its sampling rate says, so counts are estimates: with
 * {@code n} samples of a pair, 19 times in 20 within {@code 196 % / sqrt(n)}. Bytes are those of
 * the IP packet. Counter samples are of interfaces, not of pairs, and skipped.
 *
 * <p>Not thread-safe.
 */
public final class SflowDecoder {
  private static final int VERSION = 5;
  private static final int ADDRESS_V4 = 1;
  private static final int ADDRESS_V6 = 2;
  private static final int FLOW_SAMPLE = 1;
  private static final int EXPANDED_FLOW_SAMPLE = 3;
  private static final int RAW_HEADER = 1;
  private static final int HEADER_ETHERNET = 1;
  private static final int HEADER_IPV4 = 11;
  private static final int HEADER_IPV6 = 12;
  private static final int ETHERNET_BYTES = 14;
  private static final int VLAN_BYTES = 4;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int ETHERTYPE_VLAN = 0x8100;
  private static final int ETHERTYPE_SERVICE_VLAN = 0x88a8;
  private static final int IPV4_BYTES = 20;
  private static final int IPV6_BYTES = 40;
  private static final int SUB_AGENTS_MAX = 1024;

  private final Map<Integer, Sequence> sequences = new HashMap<>();

  /**
   * Reads one datagram.
   *
   * @throws MalformedExportException if it is none
   */
  public Exported decode(ByteBuffer datagram) throws MalformedExportException {
    try {
      ByteBuffer in = datagram.slice();
      if (in.getInt() != VERSION) {
        throw new MalformedExportException("not an sFlow datagram of version 5");
      }
      skip(in, agentBytes(in.getInt()));
      int subAgent = in.getInt();
      int sequence = in.getInt();
      in.getInt(); // how long the agent has run
      int samples = in.getInt();
      List<FlowRecord> flows = new ArrayList<>();
      long unusable = 0;
      for (int i = 0; i < samples; i++) {
        int type = in.getInt();
        ByteBuffer sample = part(in);
        if (type == FLOW_SAMPLE || type == EXPANDED_FLOW_SAMPLE) {
          FlowRecord flow = sample(sample, type == EXPANDED_FLOW_SAMPLE);
          if (flow != null) {
            flows.add(flow);
          } else {
            unusable++;
          }
        }
      }
      if (sequences.size() >= SUB_AGENTS_MAX) {
        sequences.clear();
      }
      long lost = sequences.computeIfAbsent(subAgent, each -> new Sequence()).next(sequence, 1);
      return new Exported(List.copyOf(flows), lost, unusable);
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new MalformedExportException("truncated");
    }
  }

  private static int agentBytes(int type) throws MalformedExportException {
    return switch (type) {
      case ADDRESS_V4 -> 4;
      case ADDRESS_V6 -> 16;
      default -> throw new MalformedExportException("agent address of type " + type);
    };
  }

  private static @Nullable FlowRecord sample(ByteBuffer in, boolean expanded) {
    in.getInt(); // sequence of the source
    skip(in, expanded ? 8 : 4); // the source
    long rate = Integer.toUnsignedLong(in.getInt());
    skip(in, 8); // sample pool, drops
    skip(in, expanded ? 16 : 8); // in and out
    int records = in.getInt();
    for (int i = 0; i < records; i++) {
      int type = in.getInt();
      ByteBuffer record = part(in);
      if (type == RAW_HEADER) {
        return raw(record, rate);
      }
    }
    return null;
  }

  private static @Nullable FlowRecord raw(ByteBuffer in, long rate) {
    int protocol = in.getInt();
    skip(in, 8); // the frame's length, and what was stripped of it
    ByteBuffer header = part(in);
    int at = 0;
    boolean v4 = protocol == HEADER_IPV4;
    boolean v6 = protocol == HEADER_IPV6;
    if (protocol == HEADER_ETHERNET) {
      int type = Short.toUnsignedInt(header.getShort(ETHERNET_BYTES - 2));
      at = ETHERNET_BYTES;
      while (type == ETHERTYPE_VLAN || type == ETHERTYPE_SERVICE_VLAN) {
        type = Short.toUnsignedInt(header.getShort(at + 2));
        at += VLAN_BYTES;
      }
      v4 = type == ETHERTYPE_IPV4;
      v6 = type == ETHERTYPE_IPV6;
    }
    if (v4 && header.limit() >= at + IPV4_BYTES) {
      return flow(header, at + 12, 4, Short.toUnsignedInt(header.getShort(at + 2)), rate);
    }
    if (v6 && header.limit() >= at + IPV6_BYTES) {
      int payload = Short.toUnsignedInt(header.getShort(at + 4));
      return flow(header, at + 8, 16, IPV6_BYTES + payload, rate);
    }
    return null;
  }

  private static FlowRecord flow(
      ByteBuffer header, int at, int addressBytes, int bytes, long rate) {
    byte[] addresses = new byte[2 * addressBytes];
    header.get(at, addresses);
    return new FlowRecord(
        IpAddress.ofBytes(addresses, 0, addressBytes),
        IpAddress.ofBytes(addresses, addressBytes, addressBytes),
        bytes * rate,
        rate);
  }

  /** A length, so many bytes, and padding to four. */
  private static ByteBuffer part(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer part = in.slice().limit(length).slice();
    skip(in, Math.min(in.remaining(), (length + 3) & ~3));
    return part;
  }

  private static void skip(ByteBuffer in, int bytes) {
    if (bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    in.position(in.position() + bytes);
  }
}
