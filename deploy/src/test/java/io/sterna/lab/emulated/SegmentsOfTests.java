package io.sterna.lab.emulated;

import io.sterna.lab.topology.Site;
import io.sterna.lab.topology.Vm;

/** Lets tests elsewhere take VMs off the segments of emulated sites, as if they were suspended. */
public final class SegmentsOfTests {
  private SegmentsOfTests() {}

  /** The VM neither hears nor says anything from now on. */
  public static void silence(EmulatedNetwork network, Site site, Vm vm) {
    network.sites().element(site).bridge().unplug(vm);
  }

  /** The VM is there again, and says so. */
  public static void wake(EmulatedNetwork network, Site site, Vm vm) {
    network.sites().element(site).bridge().plug(vm);
    network.sites().element(site).bridge().announce(vm);
  }
}
