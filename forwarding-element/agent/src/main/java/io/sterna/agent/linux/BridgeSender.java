package io.sterna.agent.linux;

import com.sun.jna.LastErrorException;
import io.sterna.linux.NetworkNamespace;
import java.io.Closeable;
import java.io.IOException;

/**
 * Sends frames on an interface by name: after the interface was deleted and made anew, the next
 * frame goes to the new one. Thread-safe.
 */
final class BridgeSender implements Closeable {
  private static final int ENXIO = 6;
  private static final int ENODEV = 19;

  private final NetworkNamespace namespace;
  private final String interfaceName;
  private PacketSocket socket;
  private boolean closed;

  BridgeSender(NetworkNamespace namespace, String interfaceName) throws IOException {
    this.namespace = namespace;
    this.interfaceName = interfaceName;
    this.socket = PacketSocket.open(namespace, interfaceName);
  }

  /**
   * @throws IOException if the interface is down or gone, or this is closed
   */
  synchronized void send(byte[] frame) throws IOException {
    try {
      socket.send(frame);
    } catch (IOException e) {
      if (closed || !isGone(e)) {
        throw e;
      }
      PacketSocket reopened = PacketSocket.open(namespace, interfaceName);
      socket.close();
      socket = reopened;
      socket.send(frame);
    }
  }

  private static boolean isGone(IOException failure) {
    return failure.getCause() instanceof LastErrorException e
        && (e.getErrorCode() == ENXIO || e.getErrorCode() == ENODEV);
  }

  @Override
  public synchronized void close() {
    closed = true;
    socket.close();
  }
}
