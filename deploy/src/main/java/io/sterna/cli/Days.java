package io.sterna.cli;

/**
 * A number of days, as an operator gives it.
 *
 * @param count 1 to 36,500
 */
record Days(int count) {
  private static final int COUNT_MAX = 36_500;

  /**
   * @throws IllegalArgumentException if the count is out of bounds
   */
  Days {
    if (count < 1 || count > COUNT_MAX) {
      throw new IllegalArgumentException(count + " is not between 1 and " + COUNT_MAX);
    }
  }

  /**
   * @throws IllegalArgumentException if this is no number or out of bounds
   */
  static Days parse(String text) {
    try {
      return new Days(Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number of days", e);
    }
  }
}
