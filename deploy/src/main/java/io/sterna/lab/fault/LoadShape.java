package io.sterna.lab.fault;

import java.time.Duration;

/**
 * What flows while something breaks.
 *
 * @param vms how many there are, spread evenly over the ranges
 * @param ratePerSecond announcements, of all elements together
 * @param mobility as in a scenario: uniform or ping-pong
 */
public record LoadShape(int vms, int ratePerSecond, String mobility) {
  /** A load is ended by whoever started it; this only bounds it. */
  static final Duration LONGEST = Duration.ofMinutes(15);

  /** Some twenty claims a second in each range: a gap of some tenths of a second can be seen. */
  static final LoadShape STEADY = new LoadShape(4_000, 300, "uniform");

  /** One VM after the other, all of them within a minute. */
  static final LoadShape EVERYBODY_MOVES = new LoadShape(10_500, 250, "ping-pong");
}
