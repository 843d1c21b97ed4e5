package io.sterna.lab.topology;

import io.sterna.lab.LabException;
import io.sterna.linux.NetworkNamespace;
import io.sterna.store.keys.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A lab's namespaces on this machine. Knows them by name only, so it needs no memory of its own.
 */
public final class NamespaceTopology {
  private static final Path NAMESPACES = Path.of("/run/netns");
  private static final List<String> ROUTER_SWITCHES =
      List.of("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding");

  private final LabPlan plan;
  private final IpTool ip = new IpTool();

  /** The lab of this plan, standing or not. */
  public NamespaceTopology(LabPlan plan) {
    this.plan = plan;
  }

  /** What stands in it. */
  public LabPlan plan() {
    return plan;
  }

  /** Those of the plan's namespaces that exist. */
  public List<String> standing() {
    return plan.namespaces().stream()
        .filter(name -> Files.exists(NAMESPACES.resolve(name)))
        .toList();
  }

  /**
   * Makes everything, or nothing: on failure all that was made is removed.
   *
   * @throws LabException if something of it stands already, or could not be made
   */
  public void up() throws LabException {
    List<String> standing = standing();
    if (!standing.isEmpty()) {
      throw new LabException(
          "network namespaces "
              + String.join(", ", standing)
              + " exist already; 'sterna lab down' removes them");
    }
    boolean complete = false;
    try {
      make();
      complete = true;
    } finally {
      if (!complete) {
        down();
      }
    }
  }

  private void make() throws LabException {
    ip.batch("", plan.namespaces().stream().map(name -> "netns add " + name).toList());
    skipDuplicateDetection();
    TopologyScript script = new TopologyScript(plan);
    for (TopologyScript.Batch batch : script.batches()) {
      ip.batch(batch.namespace(), batch.lines());
    }
    for (TopologyScript.Batch batch : script.defaultRoutes()) {
      ip.batch(batch.namespace(), batch.lines());
    }
    try {
      for (String name : ROUTER_SWITCHES) {
        writeSwitch(plan.core(), name, "1");
      }
    } catch (IOException e) {
      throw new LabException("the core router cannot forward: " + FileReason.why(e), e);
    }
  }

  /** Links are made here, so no address is in use twice: they need not wait two seconds for it. */
  private void skipDuplicateDetection() throws LabException {
    for (String namespace : plan.namespaces()) {
      try {
        writeSwitch(namespace, "net/ipv6/conf/all/accept_dad", "0");
        writeSwitch(namespace, "net/ipv6/conf/default/accept_dad", "0");
      } catch (IOException e) {
        throw new LabException("no IPv6 in " + namespace + ": " + FileReason.why(e), e);
      }
    }
  }

  private static void writeSwitch(String namespace, String name, String value) throws IOException {
    NetworkNamespace.named(namespace)
        .call(() -> Files.writeString(Path.of("/proc/sys", name), value));
  }

  /**
   * Removes the plan's namespaces, those that exist.
   *
   * @throws LabException that names what could not be removed, after all others were
   */
  public void down() throws LabException {
    List<String> failures = new ArrayList<>();
    for (String name : standing()) {
      try {
        ip.run(List.of("ip", "netns", "del", name), "");
      } catch (LabException e) {
        failures.add(e.getMessage());
      }
    }
    if (!failures.isEmpty()) {
      throw new LabException(String.join("; ", failures));
    }
  }

  /**
   * Where a VM's port is plugged in, as the kernel says.
   *
   * @return empty if it is in no site's bridge
   */
  public Optional<Site> siteOf(Vm vm) throws LabException {
    // No process: one started just before a move would take part in what the move measures.
    for (Site site : plan.sites()) {
      try {
        String links =
            NetworkNamespace.named(plan.namespace(site))
                .call(() -> Files.readString(Path.of("/proc/thread-self/net/dev")));
        if (links.lines().anyMatch(line -> line.strip().startsWith(vm.name() + ":"))) {
          return Optional.of(site);
        }
      } catch (IOException e) {
        throw new LabException("cannot find " + vm.name() + ": " + FileReason.why(e), e);
      }
    }
    return Optional.empty();
  }
}
