package io.sterna.monitoring.kernel;

import io.sterna.linux.Attributes;
import io.sterna.linux.NetlinkReader;
import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.NetworkNamespace;
import io.sterna.linux.Rtnetlink;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The bridge of a namespace and its ports. */
final class BridgePorts implements AutoCloseable {
  private static final int TIMEOUT_MS = 2000;

  private final NetlinkSocket socket;
  private final String bridge;

  BridgePorts(NetworkNamespace namespace, String bridge) throws IOException {
    this.socket = NetlinkSocket.open(namespace, TIMEOUT_MS);
    this.bridge = bridge;
  }

  /**
   * What is there now.
   *
   * @param bridgeIndex 0 if there is no bridge of this name
   * @param portNames by index
   */
  record Found(int bridgeIndex, Map<Integer, String> portNames) {}

  Found find() throws IOException {
    Map<Integer, String> names = new LinkedHashMap<>();
    Map<Integer, Integer> masters = new LinkedHashMap<>();
    socket.dump(
        writer -> {
          writer.begin(Rtnetlink.RTM_GETLINK, 0);
          writer.u32(0).u32(0).u32(0).u32(0).end();
        },
        () -> {
          names.clear();
          masters.clear();
        },
        message -> read(message, names, masters));
    int index =
        names.entrySet().stream()
            .filter(each -> each.getValue().equals(bridge))
            .mapToInt(Map.Entry::getKey)
            .findFirst()
            .orElse(0);
    names.keySet().removeIf(each -> index == 0 || masters.getOrDefault(each, 0) != index);
    return new Found(index, names);
  }

  private static void read(
      NetlinkReader message, Map<Integer, String> names, Map<Integer, Integer> masters) {
    if (message.type() != Rtnetlink.RTM_NEWLINK) {
      return;
    }
    int index = message.u32(4);
    Attributes attributes = message.attributes(Rtnetlink.LINK_HEADER_BYTES);
    String name = attributes.text(Rtnetlink.IFLA_IFNAME);
    if (name != null) {
      names.put(index, name);
      masters.put(index, attributes.u32(Rtnetlink.IFLA_MASTER));
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
