package io.sterna.agent.link;

import io.sterna.protocol.ControllerEndpoint;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a controller listens.
 *
 * @param host name or literal address
 * @param port TCP port, 1 to 65535
 */
public record ControllerAddress(String host, int port) implements Comparable<ControllerAddress> {
  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([^\\[\\]:\\s]{1,253})):(\\d{1,5})");

  /**
   * @throws IllegalArgumentException if the port is out of range
   */
  public ControllerAddress {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
  }

  /**
   * Parses {@code HOST:PORT} or {@code [IPV6]:PORT}.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static ControllerAddress parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT or [IPV6]:PORT");
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return new ControllerAddress(host, Integer.parseInt(matcher.group(3)));
  }

  static ControllerAddress of(ControllerEndpoint endpoint) {
    return new ControllerAddress(endpoint.host(), endpoint.port());
  }

  @Override
  public int compareTo(ControllerAddress other) {
    int byHost = host.compareTo(other.host);
    return byHost != 0 ? byHost : Integer.compare(port, other.port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
