package io.sterna.cli;

import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Tries whether a TCP port could be listened on right now. Another process may still take it a
 * moment later; then whoever wanted it fails to start.
 */
final class PortProbe {
  private PortProbe() {}

  /**
   * Why a port cannot be listened on.
   *
   * @param isAboutHost whether the host is to blame, not the port
   */
  record Obstacle(boolean isAboutHost, String reason) {}

  static Optional<Obstacle> obstacle(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As the listeners themselves do: connections of a dead predecessor do not count.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
      return Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.of(new Obstacle(true, "'" + host + "' is not a known host"));
    } catch (BindException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains("assign")) {
        return Optional.of(new Obstacle(true, host + " is not an address of this machine"));
      }
      if (reason.contains("in use")) {
        return Optional.of(new Obstacle(false, "port " + port + " of " + host + " is in use"));
      }
      return cannotListen(host, port, reason);
    } catch (IOException e) {
      return cannotListen(host, port, FileReason.why(e));
    }
  }

  private static Optional<Obstacle> cannotListen(String host, int port, String reason) {
    return Optional.of(
        new Obstacle(false, "cannot listen on " + host + ":" + port + ": " + reason));
  }
}
