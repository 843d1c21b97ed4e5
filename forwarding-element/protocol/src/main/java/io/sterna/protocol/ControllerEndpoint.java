package io.sterna.protocol;

/**
 * Where a controller listens for forwarding elements.
 *
 * @param controller the controller
 * @param host name or literal address
 * @param port TCP port, 1 to 65535
 */
public record ControllerEndpoint(ControllerId controller, String host, int port) {
  /**
   * @throws IllegalArgumentException if the host is empty or the port out of range
   */
  public ControllerEndpoint {
    if (host.isEmpty() || host.length() > 253) {
      throw new IllegalArgumentException("a host name has 1 to 253 characters");
    }
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
  }
}
