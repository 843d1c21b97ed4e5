package io.sterna.monitoring.lab;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Datagrams and streams between machines of the lab. */
public final class Traffic {
  private static final int PORT = 7007;

  private Traffic() {}

  /** Sends datagrams of sizes that chance picks; nobody need listen. */
  public static void datagrams(NetworkNamespace from, String to, int count, Random chance)
      throws IOException {
    InetAddress destination = InetAddress.getByName(to);
    try (DatagramSocket socket = from.call(() -> new DatagramSocket())) {
      for (int i = 0; i < count; i++) {
        byte[] payload = new byte[chance.nextInt(1400)];
        socket.send(new DatagramPacket(payload, payload.length, destination, PORT));
      }
    }
  }

  /** Sends a stream and waits until all of it has arrived. */
  public static void stream(NetworkNamespace from, NetworkNamespace at, String to, int bytes)
      throws IOException {
    InetSocketAddress destination = new InetSocketAddress(InetAddress.getByName(to), PORT);
    try (ServerSocket server = at.call(() -> bound(destination))) {
      CompletableFuture<Long> received = CompletableFuture.supplyAsync(() -> drain(server));
      try (Socket socket = from.call(() -> connected(destination))) {
        socket.getOutputStream().write(new byte[bytes]);
      }
      if (received.get() != bytes) {
        throw new AssertionError(received.get() + " of " + bytes + " bytes arrived");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (ExecutionException e) {
      throw new IOException(e);
    }
  }

  private static ServerSocket bound(InetSocketAddress address) throws IOException {
    ServerSocket server = new ServerSocket();
    server.setReuseAddress(true);
    server.bind(address);
    return server;
  }

  private static Socket connected(InetSocketAddress destination) throws IOException {
    Socket socket = new Socket();
    socket.connect(destination, 5_000);
    return socket;
  }

  private static long drain(ServerSocket server) {
    try (Socket socket = server.accept();
        InputStream in = socket.getInputStream()) {
      byte[] buffer = new byte[1 << 16];
      long all = 0;
      int count;
      while ((count = in.read(buffer)) >= 0) {
        all += count;
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
