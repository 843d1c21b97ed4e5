package io.sterna.lab;

import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The loopback ports of a lab.
 *
 * @param cql where Cassandra's clients connect
 * @param storage where Cassandra nodes connect
 * @param controllers the ports of each controller, one element each
 */
public record LabPorts(int cql, int storage, List<OfController> controllers) {
  /** The address on which everything of a lab listens. */
  public static final String HOST = "127.0.0.1";

  private static final InetAddress LOOPBACK = IpAddress.parse(HOST).toInetAddress();
  private static final int CONTROLLERS = 3;
  private static final int FIRST_FREE = 12_000;
  private static final int FREE_LEAST = 1_000;
  private static final int DEFAULT_FIRST_OF_CONNECTIONS = 32_768;
  private static final int STRIDE = 64;
  private static final Path CONNECTIONS = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  public LabPorts {
    controllers = List.copyOf(controllers);
  }

  /**
   * The ports of one controller.
   *
   * @param cluster where other controllers connect
   * @param southbound where forwarding elements connect
   * @param http the API
   */
  public record OfController(int cluster, int southbound, int http) {}

  /** The ports that the configuration files of the project have as defaults, and those after. */
  public static LabPorts standard() {
    List<OfController> controllers = new ArrayList<>();
    for (int i = 0; i < CONTROLLERS; i++) {
      controllers.add(new OfController(2551 + i, 4780 + i, 8080 + i));
    }
    return new LabPorts(9042, 7000, controllers);
  }

  /**
   * Ports that nobody uses just now, and that no connection gets before they are listened on: the
   * kernel gives connections what {@code ip_local_port_range} holds.
   *
   * @throws LabException if the machine has none
   */
  public static LabPorts free() throws LabException {
    int end = firstOfConnections();
    // Others that look at the same time begin elsewhere.
    int spread = end - FIRST_FREE;
    int next = FIRST_FREE + (int) (ProcessHandle.current().pid() * STRIDE % spread);
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int tried = 0; held.size() < 2 + 3 * CONTROLLERS; tried++) {
        if (tried == spread) {
          throw new LabException(
              "too few free ports on %s from %d to %d".formatted(HOST, FIRST_FREE, end - 1));
        }
        hold(next, held);
        next = next + 1 == end ? FIRST_FREE : next + 1;
      }
      List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
      List<OfController> controllers = new ArrayList<>();
      for (int i = 2; i < ports.size(); i += 3) {
        controllers.add(new OfController(ports.get(i), ports.get(i + 1), ports.get(i + 2)));
      }
      return new LabPorts(ports.get(0), ports.get(1), controllers);
    } finally {
      held.forEach(LabPorts::release);
    }
  }

  /** Ports below are given to nobody who does not ask for them. */
  static int firstOfConnections() throws LabException {
    try {
      int first = Integer.parseInt(Files.readString(CONNECTIONS).strip().split("\\s+", 2)[0]);
      // Where connections get nearly all ports, no port is better than another.
      return first - FIRST_FREE < FREE_LEAST ? DEFAULT_FIRST_OF_CONNECTIONS : first;
    } catch (IOException | NumberFormatException e) {
      throw new LabException("cannot read " + CONNECTIONS + ": " + e.getMessage(), e);
    }
  }

  private static void hold(int port, List<ServerSocket> held) {
    try {
      held.add(new ServerSocket(port, 1, LOOPBACK));
    } catch (IOException e) {
      // Somebody has it.
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // The port stays taken; whoever wants it will be told.
    }
  }

  /**
   * @throws LabException that names every port that somebody uses
   */
  public void check() throws LabException {
    List<String> taken = new ArrayList<>();
    for (Map.Entry<Integer, String> port : purposes().entrySet()) {
      if (!isFree(port.getKey())) {
        taken.add("port " + port.getKey() + " (" + port.getValue() + ") is in use");
      }
    }
    if (!taken.isEmpty()) {
      throw new LabException(String.join("; ", taken));
    }
  }

  private Map<Integer, String> purposes() {
    Map<Integer, String> purposes = new LinkedHashMap<>();
    purposes.put(cql, "Cassandra clients");
    purposes.put(storage, "Cassandra nodes");
    for (int i = 0; i < controllers.size(); i++) {
      String name = "of controller c" + (i + 1);
      purposes.put(controllers.get(i).cluster(), "cluster " + name);
      purposes.put(controllers.get(i).southbound(), "southbound " + name);
      purposes.put(controllers.get(i).http(), "HTTP API " + name);
    }
    return purposes;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(LOOPBACK, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
