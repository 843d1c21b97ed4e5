package io.sterna.controller.southbound;

import io.sterna.protocol.FeId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often each element may claim at this controller, whatever the session: one that ends its
 * session and opens another claims no more. As many as there are elements in the inventory.
 * Thread-safe.
 */
final class ClaimRates {
  private final int perSecond;
  private final Map<FeId, ClaimRate> rates = new ConcurrentHashMap<>();

  /**
   * Nobody has claimed.
   *
   * @param perSecond the most that one element may claim; 0 = any number
   */
  ClaimRates(int perSecond) {
    this.perSecond = perSecond;
  }

  /** That of an element of the inventory. */
  ClaimRate of(FeId fe) {
    return rates.computeIfAbsent(fe, first -> new ClaimRate(perSecond, System.nanoTime()));
  }
}
