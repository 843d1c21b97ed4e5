package io.sterna.controller.range;

import io.sterna.store.event.Order;
import java.util.List;

/**
 * What one operator asks for at once.
 *
 * @param order who asks, from where and why
 * @param changes at most {@value #CHANGES_MAX}, each of which is made or refused by itself
 */
public record Orders(Order order, List<OrderedChange> changes) {
  /** A row has room for so many beside half of the largest batch of claims. */
  public static final int CHANGES_MAX = 500;

  /** None. */
  public static final Orders NONE = new Orders(new Order(Order.ANONYMOUS, "", "", 0), List.of());

  /**
   * @throws IllegalArgumentException if there are too many
   */
  public Orders {
    changes = List.copyOf(changes);
    if (changes.size() > CHANGES_MAX) {
      throw new IllegalArgumentException(
          changes.size() + " changes at once; " + CHANGES_MAX + " are the most");
    }
  }
}
