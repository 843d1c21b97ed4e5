package io.sterna.lab.topology;

import io.sterna.lab.LabException;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What stands in a lab: its sites, VMs and addresses. Pure.
 *
 * @param prefix the first part of the name of each of its namespaces, without the hyphen
 * @param sites every site; the core router sends the mobile prefixes to the first of them
 * @param vms every VM
 */
public record LabPlan(String prefix, List<Site> sites, List<Vm> vms) {
  /** The addresses whose VMs may move. */
  public static final IpPrefix MOBILE4 = IpPrefix.parse("10.10.0.0/16");

  /** The IPv6 addresses whose VMs may move: few enough to be cut into bounded ranges. */
  public static final IpPrefix MOBILE6 = IpPrefix.parse("fd0a:10::/112");

  /** The gateway of every VM, the same at every site. */
  public static final IpAddress GATEWAY4 = IpAddress.parse("10.10.0.1");

  /** The IPv6 gateway of every VM, the same at every site. */
  public static final IpAddress GATEWAY6 = IpAddress.parse("fe80::1");

  /** The gateway's hardware address, the same at every site. */
  public static final MacAddress GATEWAY_MAC = MacAddress.parse("02:00:5e:00:00:01");

  /** The bridge that VMs are plugged into. */
  public static final String BRIDGE = "br0";

  /** Its interface index: the same at every site, so that a port can be moved in one request. */
  public static final int BRIDGE_INDEX = 10;

  /** A VM's own interface. */
  public static final String VM_LINK = "eth0";

  /** The client outside. */
  public static final IpAddress CLIENT4 = IpAddress.parse("192.168.100.2");

  /** The client's IPv6 address. */
  public static final IpAddress CLIENT6 = IpAddress.parse("fd00:64::2");

  public LabPlan {
    sites = List.copyOf(sites);
    vms = List.copyOf(vms);
  }

  /** Three sites; two VMs at the first and one at each other. */
  public static LabPlan standard(String prefix) {
    Site one = new Site(1);
    Site two = new Site(2);
    Site three = new Site(3);
    return new LabPlan(
        prefix,
        List.of(one, two, three),
        List.of(
            Vm.numbered(one, 11, false),
            Vm.numbered(one, 12, false),
            Vm.numbered(two, 21, true),
            Vm.numbered(three, 31, false)));
  }

  /** The VM of this name. */
  public Vm vm(String name) throws LabException {
    return vms.stream()
        .filter(vm -> vm.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "no VM '" + name + "' in the lab; there are " + names(vms, Vm::name)));
  }

  /** The site of this name. */
  public Site site(String name) throws LabException {
    return sites.stream()
        .filter(site -> site.id().value().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LabException(
                    "no site '"
                        + name
                        + "' in the lab; there are "
                        + names(sites, site -> site.id().value())));
  }

  private static <T> String names(List<T> all, Function<T, String> name) {
    return String.join(", ", all.stream().map(name).toList());
  }

  /** The namespace of the core router. */
  public String core() {
    return prefix + "-core";
  }

  /** The namespace of the client outside. */
  public String client() {
    return prefix + "-ext";
  }

  /** The namespace of a site's forwarding element. */
  public String namespace(Site site) {
    return prefix + "-" + site.fe();
  }

  /** The namespace of a VM. */
  public String namespace(Vm vm) {
    return prefix + "-" + vm.name();
  }

  /** Every namespace of the lab. */
  public List<String> namespaces() {
    List<String> all = new ArrayList<>(List.of(core(), client()));
    sites.forEach(site -> all.add(namespace(site)));
    vms.forEach(vm -> all.add(namespace(vm)));
    return all;
  }
}
