package io.sterna.loadgen.scenario;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a controller listens for elements.
 *
 * @param host name or literal address
 * @param port TCP port, 1 to 65535
 */
public record ControllerAddress(String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):(\\d{1,5})");
  private static final int PORT_MAX = 65_535;

  /**
   * @throws IllegalArgumentException if the port is out of range
   */
  public ControllerAddress {
    if (port < 1 || port > PORT_MAX) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and " + PORT_MAX);
    }
  }

  /**
   * Parses {@code host:port} or {@code [ipv6]:port}.
   *
   * @throws IllegalArgumentException with the text and the reason
   */
  public static ControllerAddress parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not host:port");
    }
    String literal = matcher.group(1);
    String host = literal == null ? matcher.group(2) : literal;
    return new ControllerAddress(host, Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
