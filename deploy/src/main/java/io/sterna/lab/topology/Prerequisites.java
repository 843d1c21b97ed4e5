package io.sterna.lab.topology;

import io.sterna.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What a machine must offer before a lab of namespaces can stand on it. */
public final class Prerequisites {
  private static final int PROBE_TIMEOUT_SECONDS = 10;

  private Prerequisites() {}

  /** What is missing, a line each; empty if a lab can stand. Makes nothing that stays. */
  public static List<String> missing() {
    List<String> missing = new ArrayList<>();
    boolean ip = tool(missing, "ip", "iproute2");
    tool(missing, "nft", "nftables");
    tool(missing, "setsid", "util-linux");
    tool(missing, "setpriv", "util-linux");
    boolean unshare = tool(missing, "unshare", "util-linux");
    if (!"root".equals(System.getProperty("user.name"))) {
      missing.add("not root: network namespaces need root (try sudo)");
    } else if (unshare && !succeeds("unshare", "--net", "--mount", "true")) {
      missing.add("network namespaces are not allowed here: 'unshare --net --mount' fails");
    } else if (unshare && ip && !vxlan()) {
      missing.add("the kernel has no VXLAN or veth devices");
    }
    return missing;
  }

  /**
   * @throws LabException that names everything that is missing
   */
  public static void check() throws LabException {
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      throw new LabException("the lab cannot stand here: " + String.join("; ", missing));
    }
  }

  private static boolean tool(List<String> missing, String name, String debianPackage) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    for (String folder : path.split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
        return true;
      }
    }
    missing.add("no command '" + name + "' (Debian package " + debianPackage + ")");
    return false;
  }

  private static boolean vxlan() {
    return succeeds(
        "unshare",
        "--net",
        "sh",
        "-c",
        "ip link add v0 type veth peer name v1 && ip link add br0 type bridge"
            + " && ip link add x0 type vxlan external gpe dstport 4790");
  }

  private static boolean succeeds(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(PROBE_TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
