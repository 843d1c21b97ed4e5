package io.sterna.bench.peers;

import io.sterna.bench.peers.bgp.BgpSession;
import java.net.InetAddress;
import java.util.List;

/** Configuration files of BGP daemons: a route reflector (RFC 4456) and its clients. Pure. */
final class BgpFiles {
  /** One AS for all, from the numbers for private use. */
  static final int AS = 65_000;

  private static final String HUB = PeerNetwork.HUB.getHostAddress();

  private BgpFiles() {}

  /** BIRD 2 that reflects what its clients say and waits for them to connect. */
  static String birdReflector(List<InetAddress> clients) {
    StringBuilder text =
        new StringBuilder(
            """
            router id %s;
            protocol device { }
            template bgp neighbours {
              local %s as %d;
              direct;
              passive;
              rr client;
              hold time %d;
              ipv4 { import all; export all; gateway direct; next hop keep; };
            }
            """
                .formatted(HUB, HUB, AS, BgpSession.HOLD_SECONDS));
    for (int i = 0; i < clients.size(); i++) {
      text.append(
          "protocol bgp neighbour%d from neighbours { neighbor %s as %d; }%n"
              .formatted(i, clients.get(i).getHostAddress(), AS));
    }
    return text.toString();
  }

  /** BIRD 2 that writes what a reflector says into the kernel. */
  static String birdClient(InetAddress own) {
    return """
        router id %1$s;
        protocol device { }
        protocol kernel { ipv4 { import none; export all; }; }
        protocol bgp reflector {
          local %1$s as %2$d;
          neighbor %3$s as %2$d;
          direct;
          connect delay time 1;
          connect retry time 1;
          ipv4 { import all; export none; gateway direct; };
        }
        """
        .formatted(own.getHostAddress(), AS, HUB);
  }

  /** FRR's bgpd that reflects what its clients say and waits for them to connect. */
  static String frrReflector(List<InetAddress> clients) {
    StringBuilder text =
        new StringBuilder(
            """
            router bgp %1$d
             bgp router-id %2$s
             no bgp network import-check
             neighbor clients peer-group
             neighbor clients remote-as %1$d
             neighbor clients passive
             neighbor clients timers 20 %3$d
            """
                .formatted(AS, HUB, BgpSession.HOLD_SECONDS));
    for (InetAddress client : clients) {
      text.append(" neighbor %s peer-group clients%n".formatted(client.getHostAddress()));
    }
    text.append(
        """
         address-family ipv4 unicast
          neighbor clients activate
          neighbor clients route-reflector-client
         exit-address-family
        """);
    return text.toString();
  }

  /** FRR's bgpd that hands what a reflector says to its zebra. */
  static String frrClient(InetAddress own) {
    return """
        router bgp %2$d
         bgp router-id %1$s
         neighbor %3$s remote-as %2$d
         neighbor %3$s timers connect 1
         address-family ipv4 unicast
          neighbor %3$s activate
         exit-address-family
        """
        .formatted(own.getHostAddress(), AS, HUB);
  }

  /** GoBGP that reflects what its clients say and waits for them to connect. */
  static String goBgpReflector(List<InetAddress> clients) {
    StringBuilder text =
        new StringBuilder(
            """
            [global.config]
              as = %d
              router-id = "%s"
            """
                .formatted(AS, HUB));
    for (InetAddress client : clients) {
      text.append(
          """
          [[neighbors]]
            [neighbors.config]
              neighbor-address = "%1$s"
              peer-as = %2$d
            [neighbors.timers.config]
              hold-time = %3$d
              keepalive-interval = 20
            [neighbors.transport.config]
              passive-mode = true
            [neighbors.route-reflector.config]
              route-reflector-client = true
              route-reflector-cluster-id = "%4$s"
            [[neighbors.afi-safis]]
              [neighbors.afi-safis.config]
                afi-safi-name = "ipv4-unicast"
          """
              .formatted(client.getHostAddress(), AS, BgpSession.HOLD_SECONDS, HUB));
    }
    return text.toString();
  }
}
