package io.sterna.linux;

import java.nio.ByteOrder;

/**
 * Numbers of the kernel's routing interface (RFC 3549; linux/netlink.h, rtnetlink.h, neighbour.h,
 * nexthop.h, lwtunnel.h, if_link.h).
 */
public final class Rtnetlink {
  public static final int AF_UNSPEC = 0;
  public static final int AF_INET = 2;
  public static final int AF_BRIDGE = 7;
  public static final int AF_INET6 = 10;
  public static final int AF_NETLINK = 16;

  public static final int NLMSG_ERROR = 2;
  public static final int NLMSG_DONE = 3;

  public static final int NLM_F_REQUEST = 0x1;
  public static final int NLM_F_ACK = 0x4;
  public static final int NLM_F_DUMP_INTR = 0x10;
  public static final int NLM_F_DUMP = 0x300;
  public static final int NLM_F_REPLACE = 0x100;
  public static final int NLM_F_CREATE = 0x400;

  /** In an acknowledgement: of the refused request, only the header is echoed. */
  public static final int NLM_F_CAPPED = 0x100;

  /** In an acknowledgement: attributes follow the echoed header. */
  public static final int NLM_F_ACK_TLVS = 0x200;

  public static final int NLMSGERR_ATTR_MSG = 1;

  public static final int RTM_NEWLINK = 16;
  public static final int RTM_GETLINK = 18;
  public static final int RTM_NEWROUTE = 24;
  public static final int RTM_DELROUTE = 25;
  public static final int RTM_GETROUTE = 26;
  public static final int RTM_NEWNEIGH = 28;
  public static final int RTM_DELNEIGH = 29;
  public static final int RTM_GETNEIGH = 30;
  public static final int RTM_NEWNEXTHOP = 104;
  public static final int RTM_DELNEXTHOP = 105;
  public static final int RTM_GETNEXTHOP = 106;

  /** The multicast group of changes of links. */
  public static final int RTNLGRP_LINK = 1;

  /** The multicast group of neighbour and bridge forwarding database changes. */
  public static final int RTNLGRP_NEIGH = 3;

  public static final int NETLINK_HEADER_BYTES = 16;
  public static final int LINK_HEADER_BYTES = 16;
  public static final int ROUTE_HEADER_BYTES = 12;
  public static final int NEIGHBOUR_HEADER_BYTES = 12;
  public static final int NEXTHOP_HEADER_BYTES = 8;

  public static final int RT_TABLE_UNSPEC = 0;
  public static final int RT_TABLE_MAIN = 254;
  public static final int RT_SCOPE_UNIVERSE = 0;
  public static final int RT_SCOPE_LINK = 253;
  public static final int RT_SCOPE_NOWHERE = 255;
  public static final int RTN_UNICAST = 1;

  public static final int RTA_DST = 1;
  public static final int RTA_OIF = 4;
  public static final int RTA_PRIORITY = 6;
  public static final int RTA_TABLE = 15;
  public static final int RTA_NH_ID = 30;

  public static final int NHA_ID = 1;
  public static final int NHA_OIF = 5;
  public static final int NHA_ENCAP_TYPE = 7;
  public static final int NHA_ENCAP = 8;

  public static final int LWTUNNEL_ENCAP_IP = 2;
  public static final int LWTUNNEL_ENCAP_IP6 = 4;

  /** The same numbers for IPv4 and IPv6 tunnels. */
  public static final int LWTUNNEL_IP_ID = 1;

  public static final int LWTUNNEL_IP_DST = 2;
  public static final int LWTUNNEL_IP_TTL = 4;

  public static final int NDA_DST = 1;
  public static final int NDA_LLADDR = 2;
  public static final int NDA_IFINDEX = 8;
  public static final int NDA_MASTER = 9;

  public static final int NUD_NONE = 0;
  public static final int NUD_REACHABLE = 0x02;
  public static final int NUD_FAILED = 0x20;
  public static final int NTF_EXT_LEARNED = 0x10;

  public static final int IFLA_ADDRESS = 1;
  public static final int IFLA_IFNAME = 3;
  public static final int IFLA_MTU = 4;
  public static final int IFLA_MASTER = 10;
  public static final int IFLA_LINKINFO = 18;
  public static final int IFLA_INFO_KIND = 1;
  public static final int IFLA_INFO_DATA = 2;
  public static final int IFLA_VXLAN_PORT = 15;
  public static final int IFLA_VXLAN_COLLECT_METADATA = 25;
  public static final int IFLA_VXLAN_GPE = 27;

  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int ENODEV = 19;
  public static final int ENOBUFS = 105;

  private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  private Rtnetlink() {}

  /** To network order, and back. */
  public static int big(int value) {
    return LITTLE ? Integer.reverseBytes(value) : value;
  }

  /** To network order, and back. */
  public static long big(long value) {
    return LITTLE ? Long.reverseBytes(value) : value;
  }

  /** To network order, and back. */
  public static short big(short value) {
    return LITTLE ? Short.reverseBytes(value) : value;
  }
}
