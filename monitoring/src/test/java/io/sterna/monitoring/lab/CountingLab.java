package io.sterna.monitoring.lab;

import io.sterna.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A host with a bridge br0 and VMs on it, and a remote machine that the host routes to; each a
 * network namespace. VM n has 10.7.1.n and fd07:1::n, the remote one 10.7.2.1 and fd07:2::1. Needs
 * root and iproute2.
 */
public final class CountingLab implements AutoCloseable {
  /** The bridge's name. */
  public static final String BRIDGE = "br0";

  /** Two runs at the same time do not meet. */
  private static final String PREFIX = "stm-" + ProcessHandle.current().pid() + "-";

  private final List<String> namespaces = new ArrayList<>();

  /** The host and the remote machine. */
  public CountingLab() throws IOException {
    add("host");
    ip("host", "link add br0 type bridge forward_delay 0 mcast_snooping 0");
    ip("host", "link set br0 up");
    ip("host", "addr add 10.7.1.254/24 dev br0");
    ip("host", "addr add fd07:1::254/64 dev br0 nodad");
    for (String each : List.of("ipv4/ip_forward", "ipv6/conf/all/forwarding")) {
      sysctl("host", each, "1");
    }
    add("far");
    link("far", "upfar", "10.7.2.1/24", "fd07:2::1/64");
    ip("host", "addr add 10.7.2.254/24 dev upfar");
    ip("host", "addr add fd07:2::254/64 dev upfar nodad");
    routes("far", "10.7.2.254", "fd07:2::254");
  }

  /** Where the bridge is. */
  public NetworkNamespace host() {
    return namespace("host");
  }

  /** The remote machine. */
  public NetworkNamespace far() {
    return namespace("far");
  }

  /** A VM on the bridge; its port is {@code pN}. */
  public NetworkNamespace addVm(int number) throws IOException {
    String vm = "vm" + number;
    add(vm);
    link(vm, "p" + number, "10.7.1." + number + "/24", "fd07:1::" + number + "/64");
    ip("host", "link set p" + number + " master br0");
    routes(vm, "10.7.1.254", "fd07:1::254");
    awaitForwarding("p" + number);
    return namespace(vm);
  }

  /** Runs ip inside the host. */
  public void host(String words) throws IOException {
    ip("host", words);
  }

  /** The machine sends no ICMP errors about datagrams to closed ports. */
  public static void answerNothing(NetworkNamespace machine) throws IOException {
    run(
        "ip netns exec "
            + machine.name()
            + " nft add table ip silence ; add chain ip silence out { type filter hook output"
            + " priority 0 ; } ; add rule ip silence out icmp type destination-unreachable drop");
  }

  private void link(String name, String port, String v4, String v6) throws IOException {
    ip("host", "link add " + port + " type veth peer name eth0 netns " + PREFIX + name);
    // What leaves a port is cut before it: so a capture behind it sees what a wire would carry.
    ip("host", "link set " + port + " gso_max_segs 1 up");
    ip(name, "link set eth0 up");
    ip(name, "addr add " + v4 + " dev eth0");
    ip(name, "addr add " + v6 + " dev eth0 nodad");
  }

  private void routes(String name, String v4, String v6) throws IOException {
    ip(name, "route add default via " + v4);
    ip(name, "route add default via " + v6);
  }

  private void awaitForwarding(String port) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!run("bridge -n " + PREFIX + "host link show dev " + port).contains("forwarding")) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(port + " does not forward after 10 s");
      }
    }
  }

  private void add(String name) throws IOException {
    run("ip netns add " + PREFIX + name);
    namespaces.add(name);
    ip(name, "link set lo up");
    // Nothing is sent that no test asked for.
    sysctl(name, "ipv6/conf/default/router_solicitations", "0");
  }

  private static NetworkNamespace namespace(String name) {
    return NetworkNamespace.named(PREFIX + name);
  }

  private static void sysctl(String name, String key, String value) throws IOException {
    namespace(name).call(() -> Files.writeString(Path.of("/proc/sys/net", key), value));
  }

  private static void ip(String name, String words) throws IOException {
    run("ip -n " + PREFIX + name + " " + words);
  }

  private static String run(String command) throws IOException {
    Process process = new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return said;
  }

  @Override
  public void close() throws IOException {
    for (String each : namespaces) {
      run("ip netns del " + PREFIX + each);
    }
  }
}
