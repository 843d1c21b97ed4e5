package io.sterna.lab.topology;

import io.sterna.lab.LabException;
import io.sterna.protocol.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Does by hand what agents do, so that the topology can be tested without them. */
final class HandMadeForwarding {
  private final LabPlan plan;
  private final IpTool ip = new IpTool();

  HandMadeForwarding(LabPlan plan) {
    this.plan = plan;
  }

  void prepare() throws LabException {
    for (Site site : plan.sites()) {
      String namespace = plan.namespace(site);
      ip.batch(
          namespace,
          List.of(
              "link set br0 address " + LabPlan.GATEWAY_MAC,
              "addr add " + LabPlan.GATEWAY4 + "/16 dev br0",
              "addr add " + LabPlan.GATEWAY6 + "/64 dev br0 nodad",
              "link add ov0 type vxlan external gpe dstport 4790 udp6zerocsumrx",
              "link set ov0 mtu 1464 up"));
      List<String> sysctl = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "sysctl"));
      sysctl.addAll(
          List.of(
              "-qw",
              "net.ipv4.ip_forward=1",
              "net.ipv6.conf.all.forwarding=1",
              "net.ipv4.conf.all.rp_filter=0",
              "net.ipv4.conf.default.rp_filter=0",
              "net.ipv4.conf.ov0.rp_filter=0",
              "net.ipv4.conf.br0.rp_filter=0",
              "net.ipv4.conf.all.send_redirects=0",
              "net.ipv4.conf.br0.send_redirects=0",
              "net.ipv4.conf.br0.proxy_arp=1",
              "net.ipv4.conf.br0.proxy_arp_pvlan=1",
              "net.ipv4.neigh.br0.proxy_delay=0"));
      ip.run(sysctl, "");
    }
  }

  void route(Vm vm, Site at) throws LabException {
    for (Site site : plan.sites()) {
      List<String> lines = new ArrayList<>();
      for (IpAddress address : vm.addresses()) {
        String destination = address + "/" + address.bitLength();
        if (site.equals(at)) {
          lines.add("route replace " + destination + " dev br0");
          lines.add("neigh replace " + address + " lladdr " + vm.mac() + " dev br0 nud reachable");
        } else {
          lines.add(
              "route replace "
                  + destination
                  + " encap ip id 100 dst "
                  + at.underlay4()
                  + " ttl 64 dev ov0");
        }
      }
      ip.batch(plan.namespace(site), lines);
    }
  }

  /** Whether a ping from one namespace is answered within ten seconds. */
  boolean pings(String namespace, IpAddress target) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    List<String> ping =
        List.of("ip", "netns", "exec", namespace, "ping", "-c1", "-W1", target.toString());
    while (System.nanoTime() < deadline) {
      try {
        ip.run(ping, "");
        return true;
      } catch (LabException e) {
        // Neighbours may not be resolved yet: ask again.
      }
    }
    return false;
  }
}
