package io.sterna.store.event;

import java.util.Objects;

/**
 * That an operator asked for something: who, from where and why.
 *
 * @param operator the name that his token stands for; {@value #ANONYMOUS} if the controllers know
 *     no tokens
 * @param from the network address that he asked from; empty = unknown
 * @param why in his own words; empty = he did not say
 * @param restoresMillis the moment that is brought back, in milliseconds of the Unix epoch; 0 =
 *     none
 */
public record Order(String operator, String from, String why, long restoresMillis) {
  /** Whoever asks controllers that know no tokens. */
  public static final String ANONYMOUS = "anonymous";

  /** The longest name of an operator. */
  public static final int OPERATOR_CHARS_MAX = 63;

  /** The longest network address: an IPv6 address with a zone fits. */
  public static final int FROM_CHARS_MAX = 64;

  /** The longest reason. */
  public static final int WHY_CHARS_MAX = 200;

  /**
   * @throws IllegalArgumentException if a text is too long or not fit to be shown in one line
   */
  public Order {
    Objects.requireNonNull(why, "why");
    if (!isOperator(operator)) {
      throw new IllegalArgumentException(
          "an operator's name is 1 to 63 characters of a-z, A-Z, 0-9 and ._@-");
    }
    if (from.length() > FROM_CHARS_MAX || !from.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException("where an order comes from is at most 64 characters");
    }
    if (why.length() > WHY_CHARS_MAX || !why.codePoints().allMatch(Order::isShown)) {
      throw new IllegalArgumentException(
          "the reason is more than 200 characters, or not one line of text");
    }
    Checks.atLeast(0, restoresMillis, "the moment to bring back");
  }

  /** Whether an operator may be called that. */
  public static boolean isOperator(String name) {
    return !name.isEmpty()
        && name.length() <= OPERATOR_CHARS_MAX
        && name.chars().allMatch(Order::isNameLetter);
  }

  /** Whether it brings a past moment back. */
  public boolean isRestore() {
    return restoresMillis > 0;
  }

  private static boolean isNameLetter(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "._@-".indexOf(c) >= 0;
  }

  /** Half a character pair has no bytes of its own; the others would break the lines of a list. */
  private static boolean isShown(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
