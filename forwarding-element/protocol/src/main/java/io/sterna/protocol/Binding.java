package io.sterna.protocol;

/**
 * Where an address is attached. One attachment a binding for now: role 'sole'.
 *
 * @param address the VM's address
 * @param fe the forwarding element it is attached to
 * @param mac the VM's hardware address there
 * @param version grows by one with each change of this address; the first binding has version 1
 */
public record Binding(IpAddress address, FeId fe, MacAddress mac, long version) {
  /**
   * @throws IllegalArgumentException if the version is below 1
   */
  public Binding {
    if (version < 1) {
      throw new IllegalArgumentException("version " + version + " is below 1");
    }
  }
}
