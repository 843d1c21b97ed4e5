package io.sterna.agent.linux;

import io.sterna.protocol.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
  private static final int NFT_TIMEOUT_SECONDS = 10;

  private DuplicateDetectionGuard() {}

  /**
   * Installs the rule, in a table of its own, in place of an earlier one.
   *
   * @param defended the IPv6 addresses that the kernel itself has on the bridge
   * @throws IOException if nft is missing or refuses
   */
  static void install(NetworkNamespace namespace, String bridge, List<IpAddress> defended)
      throws IOException {
    String script = script(bridge, defended);
    namespace.call(
        () -> {
          run(script);
          return true;
        });
  }

  private static String script(String bridge, List<IpAddress> defended) {
    StringBuilder accepted = new StringBuilder();
    for (IpAddress address : defended) {
      // The target is 8 bytes behind the start of the ICMPv6 message.
      accepted
          .append("    iifname \"")
          .append(bridge)
          .append("\" ip6 saddr :: icmpv6 type nd-neighbor-solicit @th,64,128 0x")
          .append(HexFormat.of().formatHex(address.toBytes()))
          .append(" accept\n");
    }
    return """
        table ip6 sterna_neighbourhood
        delete table ip6 sterna_neighbourhood
        table ip6 sterna_neighbourhood {
          chain input {
            type filter hook input priority filter; policy accept;
        %s    iifname "%s" ip6 saddr :: icmpv6 type nd-neighbor-solicit drop
          }
        }
        """
        .formatted(accepted, bridge);
  }

  private static void run(String script) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
    try (var input = process.getOutputStream()) {
      input.write(script.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(NFT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("nft did not end within " + NFT_TIMEOUT_SECONDS + " s");
    }
    if (process.exitValue() != 0) {
      throw new IOException("nft: " + said.lines().findFirst().orElse("failed without a word"));
    }
  }
}
