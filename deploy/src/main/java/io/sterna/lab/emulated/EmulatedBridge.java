package io.sterna.lab.emulated;

import io.sterna.agent.neighbourhood.Announcement;
import io.sterna.agent.neighbourhood.Neighbourhood;
import io.sterna.lab.topology.Vm;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A site's segment in memory. VMs on it hold no neighbour caches: they send everything to the
 * gateway, so there is nobody to redirect. Thread-safe.
 */
final class EmulatedBridge implements Neighbourhood {
  private final Map<MacAddress, Vm> plugged = new ConcurrentHashMap<>();
  private final Executor wire;
  private volatile Consumer<Announcement> listener = announcement -> {};

  /** Nobody is plugged in; frames are delivered by the wire. */
  EmulatedBridge(Executor wire) {
    this.wire = wire;
  }

  void plug(Vm vm) {
    plugged.put(vm.mac(), vm);
  }

  void unplug(Vm vm) {
    plugged.remove(vm.mac());
  }

  boolean holds(Vm vm) {
    return plugged.containsKey(vm.mac());
  }

  /** Whether a frame to this hardware address finds a VM with this address. */
  boolean reaches(MacAddress mac, IpAddress address) {
    Vm vm = plugged.get(mac);
    return vm != null && vm.addresses().contains(address);
  }

  /** The VM announces its addresses to all on the segment. */
  void announce(Vm vm) {
    say(vm, vm.address4(), Evidence.GRATUITOUS_ARP);
    say(vm, vm.address6(), Evidence.UNSOLICITED_NA);
  }

  private void say(Vm vm, IpAddress address, Evidence evidence) {
    Announcement announcement = new Announcement.OfAddress(address, vm.mac(), evidence);
    wire.execute(() -> listener.accept(announcement));
  }

  @Override
  public void listen(Consumer<Announcement> newListener) {
    listener = newListener;
  }

  @Override
  public void probe(IpAddress address, MacAddress mac) {
    Vm vm = plugged.get(mac);
    if (vm != null && vm.addresses().contains(address)) {
      say(vm, address, Evidence.PROBE_ANSWERED);
    }
  }

  @Override
  public void redirect(IpAddress address) {}

  @Override
  public void close() {
    listener = announcement -> {};
  }
}
