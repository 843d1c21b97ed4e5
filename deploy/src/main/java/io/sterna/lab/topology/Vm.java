package io.sterna.lab.topology;

import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.List;

/**
 * A VM of the lab.
 *
 * @param name like {@code vm11}: also the name of its port at the site's bridge
 * @param home the site where it starts
 * @param address4 its IPv4 address, on link with its whole prefix
 * @param address6 its IPv6 address
 * @param mac its hardware address
 * @param onLink6 whether it believes that its whole IPv6 prefix is on its link, so that it asks for
 *     neighbours where others ask the gateway
 */
public record Vm(
    String name,
    Site home,
    IpAddress address4,
    IpAddress address6,
    MacAddress mac,
    boolean onLink6) {
  /** Both addresses. */
  public List<IpAddress> addresses() {
    return List.of(address4, address6);
  }

  /**
   * The lab's scheme: VM 12 of site 1 is {@code vm12}, 10.10.1.12, fd0a:10::112 and
   * 02:aa:00:00:00:12.
   */
  static Vm numbered(Site home, int number, boolean onLink6) {
    return new Vm(
        "vm" + number,
        home,
        IpAddress.parse("10.10." + home.number() + "." + number),
        IpAddress.parse("fd0a:10::" + home.number() + number),
        MacAddress.parse("02:aa:00:00:00:" + number),
        onLink6);
  }
}
