package io.sterna.protocol;

/**
 * Where an address is attached. One attachment a binding for now: role 'sole'.
 *
 * <p>An address that was released is attached nowhere, but keeps its version: were it forgotten, a
 * claim from before the release could win. It is written as a binding without a hardware address.
 *
 * @param address the VM's address
 * @param fe the forwarding element it is attached to; released: the last one
 * @param mac the VM's hardware address there; released: {@link MacAddress#NONE}
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

  /** What is left of this binding when its address is attached nowhere any more. */
  public Binding released() {
    return new Binding(address, fe, MacAddress.NONE, version + 1);
  }

  /** Whether the address is attached nowhere. */
  public boolean isReleased() {
    return mac.isNone();
  }
}
