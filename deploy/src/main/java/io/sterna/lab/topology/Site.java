package io.sterna.lab.topology;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SiteId;

/**
 * A data center of the lab with its one forwarding element.
 *
 * @param number 1 to 9
 */
public record Site(int number) {
  /** The name that operators use. */
  public SiteId id() {
    return new SiteId("site" + number);
  }

  /** Its forwarding element. */
  public FeId fe() {
    return new FeId("fe" + number);
  }

  /** Where tunnels to this site end. */
  public IpAddress underlay4() {
    return IpAddress.parse("172.16." + number + ".1");
  }

  /** The forwarding element's IPv6 address towards the core. */
  public IpAddress underlay6() {
    return IpAddress.parse("fd00:16:" + number + "::1");
  }

  /** The core router's address on the link to this site. */
  public IpAddress core4() {
    return IpAddress.parse("172.16." + number + ".2");
  }

  /** The core router's IPv6 address on the link to this site. */
  public IpAddress core6() {
    return IpAddress.parse("fd00:16:" + number + "::2");
  }
}
