package io.sterna.agent.forwarding;

import io.sterna.protocol.IpAddress;
import java.util.List;

/**
 * What became of a batch: every change not named in {@code failures} is installed.
 *
 * @param failures the changes that were refused; they stop no other
 */
public record Outcome(List<Failure> failures) {
  /** Everything is installed. */
  public static final Outcome COMPLETE = new Outcome(List.of());

  public Outcome {
    failures = List.copyOf(failures);
  }

  /**
   * A change that was refused.
   *
   * @param address its address
   * @param reason what the kernel said, for people
   */
  public record Failure(IpAddress address, String reason) {}
}
