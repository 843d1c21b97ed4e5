package io.sterna.agent.hypervisor;

import java.time.Duration;
import java.util.List;

/**
 * What runs the VMs of this element.
 *
 * @param command program and first arguments; empty: nothing that controllers could ask
 * @param timeout how long an operation may take, but a move
 * @param moveTimeout how long a move may take
 * @param reportInterval how often it is asked what runs here; zero: never
 */
public record HypervisorSettings(
    List<String> command, Duration timeout, Duration moveTimeout, Duration reportInterval) {
  /** Copies the command. */
  public HypervisorSettings {
    command = List.copyOf(command);
  }
}
