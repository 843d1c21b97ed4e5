package io.sterna.agent.linux;

/** The nftables rules of a forwarding element, in tables of their own named {@code sterna}. */
final class PacketFilter {
  private PacketFilter() {}

  /**
   * One transaction that replaces whatever stands in Sterna's tables.
   *
   * <ul>
   *   <li>Frames with a departed VM's hardware address count as addressed to this host at {@link
   *       Parking#ROUTED_DEVICE}, and may only be parked or sent into the overlay: the bridge
   *       floods copies of frames for other unknown hosts there, too, and those must go nowhere.
   *   <li>ICMP and ND redirects are dropped: a VM that follows one loses its peer at the next move,
   *       and IPv6 has no other switch for them.
   * </ul>
   */
  static String rules(LinuxDataPlaneSettings settings) {
    return """
        table netdev sterna {}
        delete table netdev sterna
        table inet sterna {}
        delete table inet sterna
        table netdev sterna {
          chain parking {
            type filter hook ingress device "%1$s" priority 0; policy drop;
            meta protocol { ip, ip6 } meta pkttype set host accept
          }
        }
        table inet sterna {
          chain incoming {
            type filter hook input priority 0; policy accept;
            iifname "%1$s" drop
          }
          chain forwarded {
            type filter hook forward priority 0; policy accept;
            iifname "%1$s" oifname != { "%1$s", "%2$s" } drop
          }
          chain outgoing {
            type filter hook output priority 0; policy accept;
            icmp type redirect drop
            icmpv6 type nd-redirect drop
          }
        }
        """
        .formatted(Parking.ROUTED_DEVICE, settings.tunnelDevice());
  }
}
