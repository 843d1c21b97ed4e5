package io.sterna.agent.linux;

import io.sterna.linux.Attributes;
import io.sterna.linux.NetlinkException;
import io.sterna.linux.NetlinkReader;
import io.sterna.linux.NetlinkSocket;
import io.sterna.linux.NetlinkWriter;
import io.sterna.linux.Rtnetlink;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A network device as the kernel describes it.
 *
 * @param index its number in its namespace
 * @param mac its hardware address; null if it has none
 * @param mtuBytes its largest packet
 * @param master the device it is a port of; 0 if none
 * @param kind what made it ({@code bridge}, {@code vxlan}, ...); empty for hardware
 * @param externalGpePort the UDP port if it is a VXLAN-GPE device that takes its tunnel from the
 *     route; 0 if it is anything else
 */
record Link(
    int index,
    @Nullable MacAddress mac,
    int mtuBytes,
    int master,
    String kind,
    int externalGpePort) {
  /** The device of this name; null if there is none. */
  static @Nullable Link find(NetlinkSocket socket, String name) throws IOException {
    NetlinkWriter writer = socket.begin();
    writer.begin(Rtnetlink.RTM_GETLINK, 0);
    writer.u32(0).u32(0).u32(0).u32(0).attribute(Rtnetlink.IFLA_IFNAME, name).end();
    Link[] found = new Link[1];
    try {
      socket.exchange("device " + name, message -> found[0] = decode(message));
    } catch (NetlinkException e) {
      if (e.errno() == Rtnetlink.ENODEV) {
        return null;
      }
      throw e;
    }
    return found[0];
  }

  /**
   * The device of this name.
   *
   * @throws IOException if there is none
   */
  static Link require(NetlinkSocket socket, String name) throws IOException {
    Link link = find(socket, name);
    if (link == null) {
      throw new IOException("device " + name + " does not exist");
    }
    return link;
  }

  private static Link decode(NetlinkReader message) {
    int index = message.u32(4);
    Attributes attributes = message.attributes(Rtnetlink.LINK_HEADER_BYTES);
    Attributes info = attributes.nested(Rtnetlink.IFLA_LINKINFO);
    String kind = info.text(Rtnetlink.IFLA_INFO_KIND);
    Attributes data = info.nested(Rtnetlink.IFLA_INFO_DATA);
    boolean external =
        data.has(Rtnetlink.IFLA_VXLAN_GPE)
            && "vxlan".equals(kind)
            && data.u8(Rtnetlink.IFLA_VXLAN_COLLECT_METADATA) != 0;
    return new Link(
        index,
        attributes.mac(Rtnetlink.IFLA_ADDRESS),
        attributes.u32(Rtnetlink.IFLA_MTU),
        attributes.u32(Rtnetlink.IFLA_MASTER),
        kind == null ? "" : kind,
        external ? data.bigU16(Rtnetlink.IFLA_VXLAN_PORT) : 0);
  }
}
