package io.sterna.store.cassandra;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a node one real query. An open port is not enough: Cassandra opens it before it can answer.
 *
 * <p>Speaks the few bytes needed of the native protocol, version 4 (native_protocol_v4.spec in
 * Cassandra's sources), because a driver session costs a second to build.
 */
final class CqlProbe {
  private static final int CONNECT_BOUND_MS = 1_000;
  private static final int ANSWER_BOUND_MS = 10_000;
  private static final int FRAME_BYTES_MAX = 1 << 20;

  private static final int REQUEST_V4 = 0x04;
  private static final int OPCODE_STARTUP = 0x01;
  private static final int OPCODE_READY = 0x02;
  private static final int OPCODE_QUERY = 0x07;
  private static final int OPCODE_RESULT = 0x08;
  private static final int CONSISTENCY_ONE = 1;

  private CqlProbe() {}

  /** Whether the node answers a query now. */
  static boolean answers(InetSocketAddress node) {
    try (Socket socket = new Socket()) {
      socket.connect(node, CONNECT_BOUND_MS);
      socket.setSoTimeout(ANSWER_BOUND_MS);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      return startup(out, in) == OPCODE_READY && query(out, in) == OPCODE_RESULT;
    } catch (IOException e) {
      return false;
    }
  }

  private static int startup(DataOutputStream out, DataInputStream in) throws IOException {
    byte[] key = "CQL_VERSION".getBytes(StandardCharsets.US_ASCII);
    byte[] value = "3.0.0".getBytes(StandardCharsets.US_ASCII);
    header(out, OPCODE_STARTUP, 2 + 2 + key.length + 2 + value.length);
    out.writeShort(1);
    out.writeShort(key.length);
    out.write(key);
    out.writeShort(value.length);
    out.write(value);
    out.flush();
    return answer(in);
  }

  private static int query(DataOutputStream out, DataInputStream in) throws IOException {
    byte[] cql = "SELECT release_version FROM system.local".getBytes(StandardCharsets.US_ASCII);
    header(out, OPCODE_QUERY, 4 + cql.length + 2 + 1);
    out.writeInt(cql.length);
    out.write(cql);
    out.writeShort(CONSISTENCY_ONE);
    out.writeByte(0);
    out.flush();
    return answer(in);
  }

  private static void header(DataOutputStream out, int opcode, int length) throws IOException {
    out.writeByte(REQUEST_V4);
    out.writeByte(0);
    out.writeShort(0);
    out.writeByte(opcode);
    out.writeInt(length);
  }

  private static int answer(DataInputStream in) throws IOException {
    in.readByte();
    in.readByte();
    in.readShort();
    int opcode = in.readUnsignedByte();
    int length = in.readInt();
    if (length < 0 || length > FRAME_BYTES_MAX) {
      throw new IOException("a frame of " + length + " bytes");
    }
    in.skipNBytes(length);
    return opcode;
  }
}
