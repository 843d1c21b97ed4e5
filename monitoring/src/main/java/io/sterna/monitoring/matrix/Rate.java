package io.sterna.monitoring.matrix;

/**
 * How much per second.
 *
 * @param bytesPerSec the rate in bytes
 * @param packetsPerSec the rate in packets
 * @param errorBytesPerSec how much more it may be: 0 if it was counted exactly since it was first
 *     told apart, and what a sketch left open fades like any other byte
 */
public record Rate(double bytesPerSec, double packetsPerSec, double errorBytesPerSec) {
  /** No traffic, for certain. */
  public static final Rate ZERO = new Rate(0, 0, 0);
}
