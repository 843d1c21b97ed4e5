package io.sterna.protocol;

/**
 * What a name may look like: a DNS label (RFC 1123), so that it fits certificates and host names.
 */
final class Names {
  private static final int CHARS_MAX = 63;

  private Names() {}

  static void check(String what, String value) {
    if (!isLabel(value)) {
      throw new IllegalArgumentException(
          what + " '" + value + "' is not 1 to 63 characters of a-z, 0-9 and inner hyphens");
    }
  }

  // By hand, not by a pattern: every id of every message that is received passes here.
  private static boolean isLabel(String value) {
    int length = value.length();
    if (length == 0 || length > CHARS_MAX) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      boolean inner = i > 0 && i < length - 1;
      boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!letterOrDigit && !(c == '-' && inner)) {
        return false;
      }
    }
    return true;
  }
}
