package io.sterna.agent.neighbourhood;

import io.sterna.protocol.Evidence;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;

/** A frame on the bridge that says where a VM is. */
public sealed interface Announcement {
  /** The hardware address that sent it. */
  MacAddress mac();

  /** What kind of frame it was. */
  Evidence evidence();

  /** The frame names the VM's address. */
  record OfAddress(IpAddress address, MacAddress mac, Evidence evidence) implements Announcement {}

  /** The frame names a hardware address only (RARP): the receiver knows which addresses it has. */
  record OfMac(MacAddress mac, Evidence evidence) implements Announcement {}
}
