package io.sterna.protocol;

import java.util.regex.Pattern;

/**
 * What a name may look like: a DNS label (RFC 1123), so that it fits certificates and host names.
 */
final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private Names() {}

  static void check(String what, String value) {
    if (!LABEL.matcher(value).matches()) {
      throw new IllegalArgumentException(
          what + " '" + value + "' is not 1 to 63 characters of a-z, 0-9 and inner hyphens");
    }
  }
}
