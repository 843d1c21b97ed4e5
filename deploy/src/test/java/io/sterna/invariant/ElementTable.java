package io.sterna.invariant;

import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one forwarding element believes.
 *
 * @param fe the element
 * @param bindings its desired table
 */
public record ElementTable(FeId fe, Map<IpAddress, Binding> bindings) {
  public ElementTable {
    bindings = new TreeMap<>(bindings);
  }
}
