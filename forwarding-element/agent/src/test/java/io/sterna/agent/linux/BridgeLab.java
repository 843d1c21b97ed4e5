package io.sterna.agent.linux;

import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.MacAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A forwarding element with a bridge br0, and VMs on it, each a network namespace with an eth0.
 * Needs root and iproute2.
 */
final class BridgeLab implements AutoCloseable {
  static final MacAddress GATEWAY = MacAddress.parse("02:00:5e:00:00:01");
  static final String BRIDGE = "br0";

  /** Two runs at the same time do not meet. */
  private static final String PREFIX = "snb-" + ProcessHandle.current().pid() + "-";

  private static final String FE = PREFIX + "fe";

  private final List<String> namespaces = new ArrayList<>();

  BridgeLab() throws IOException {
    addNamespace(FE);
    addBridge();
    // Remote VMs are behind this one; any device that is not the bridge does.
    ip(FE, "link add away type bridge");
    ip(FE, "link set away up");
    setSysctl(fe(), "ipv6/conf/all/forwarding", "1");
    // As a forwarding element has it: the kernel's proxy answers at once, not within a second.
    setSysctl(fe(), "ipv6/neigh/br0/proxy_delay", "0");
  }

  /** Makes the bridge, also again after it was deleted. */
  void addBridge() throws IOException {
    ip(FE, "link add br0 type bridge forward_delay 0 mcast_snooping 0");
    ip(FE, "link set br0 address " + GATEWAY + " up");
  }

  NetworkNamespace fe() {
    return NetworkNamespace.named(FE);
  }

  /** A VM with this hardware address; it has no addresses but its link-local one. */
  NetworkNamespace addVm(String name, MacAddress mac) throws IOException {
    String namespace = PREFIX + name;
    addNamespace(namespace);
    ip(FE, "link add p" + name + " type veth peer name eth0 netns " + namespace);
    ip(namespace, "link set eth0 address " + mac + " up");
    ip(FE, "link set p" + name + " master br0 up");
    await("the card of " + name, () -> ip(namespace, "link show eth0").contains("state UP"));
    await(
        "the bridge port of " + name,
        () -> output("bridge -n " + FE + " link show dev p" + name).contains("forwarding"));
    return NetworkNamespace.named(namespace);
  }

  private void addNamespace(String name) throws IOException {
    output("ip netns add " + name);
    namespaces.add(name);
    ip(name, "link set lo up");
  }

  /** Runs ip inside; returns what it printed. */
  static String ip(NetworkNamespace namespace, String arguments) throws IOException {
    return ip(namespace.name(), arguments);
  }

  private static String ip(String namespace, String arguments) throws IOException {
    return output("ip -n " + namespace + " " + arguments);
  }

  static void setSysctl(NetworkNamespace namespace, String name, String value) throws IOException {
    namespace.call(() -> Files.writeString(Path.of("/proc/sys/net", name), value));
  }

  /** Runs a command; fails unless it ends well. */
  static String output(String command) throws IOException {
    Process process =
        new ProcessBuilder(Arrays.asList(command.split(" "))).redirectErrorStream(true).start();
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

  /** Polls until it holds; fails after 10 s. */
  static void await(String what, Callable<Boolean> condition) throws IOException {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() - deadline > 0) {
          throw new AssertionError("after 10 s still not: " + what);
        }
        Thread.onSpinWait();
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (String namespace : namespaces) {
      output("ip netns del " + namespace);
    }
  }
}
