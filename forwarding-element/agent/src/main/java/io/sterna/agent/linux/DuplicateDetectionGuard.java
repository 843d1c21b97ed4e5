package io.sterna.agent.linux;

import io.sterna.linux.NetworkNamespace;
import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Keeps the kernel's proxy from taking addresses away from VMs that arrive.
 *
 * <p>A kernel that proxies an address answers duplicate address detection for it too (it treats a
 * solicitation from the unspecified address like any other; ARP probes it leaves alone). A VM that
 * has just been moved here and configures its address would be told that the address is taken, and
 * give it up, before its announcement made the address local. So solicitations from the unspecified
 * address are dropped on their way into the kernel, except for the gateway's own addresses. The
 * agent still sees them: packet sockets come before netfilter.
 */
final class DuplicateDetectionGuard {
  private DuplicateDetectionGuard() {}

  /**
   * Installs the rule, in a table of its own, in place of an earlier one.
   *
   * @param defended the IPv6 addresses that the kernel itself has on the bridge
   * @throws IOException if nft is missing or refuses
   */
  static void install(NetworkNamespace namespace, String bridge, List<IpAddress> defended)
      throws IOException {
    new Programs(namespace).feed(rules(bridge, defended), "nft", "-f", "-");
  }

  private static String rules(String bridge, List<IpAddress> defended) {
    // The target is 8 bytes behind the start of the ICMPv6 message.
    String targets =
        defended.stream()
            .map(address -> "0x" + HexFormat.of().formatHex(address.toBytes()))
            .collect(Collectors.joining(", "));
    return """
        table ip6 sterna_neighbourhood {}
        delete table ip6 sterna_neighbourhood
        table ip6 sterna_neighbourhood {
          chain incoming {
            type filter hook input priority 0; policy accept;
            iifname "%1$s" ip6 saddr :: icmpv6 type nd-neighbor-solicit jump detection
          }
          chain detection {
            @th,64,128 { %2$s } accept
            drop
          }
        }
        """
        .formatted(bridge, targets);
  }
}
