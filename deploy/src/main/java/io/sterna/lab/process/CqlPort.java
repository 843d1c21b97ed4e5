package io.sterna.lab.process;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Asks whether a Cassandra node serves clients. */
public final class CqlPort {
  private static final int TIMEOUT_MS = 500;

  /** A CQL v4 request OPTIONS: version, flags, stream (2), opcode 5, empty body. */
  private static final byte[] OPTIONS = {4, 0, 0, 0, 5, 0, 0, 0, 0};

  /** The first byte of every answer by CQL v4. */
  private static final int ANSWER = 0x84;

  private CqlPort() {}

  /** Whether a node answers there. */
  public static boolean answers(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), TIMEOUT_MS);
      socket.setSoTimeout(TIMEOUT_MS);
      socket.getOutputStream().write(OPTIONS);
      return socket.getInputStream().read() == ANSWER;
    } catch (IOException e) {
      return false;
    }
  }
}
