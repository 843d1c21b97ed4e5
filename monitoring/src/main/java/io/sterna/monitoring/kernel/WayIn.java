package io.sterna.monitoring.kernel;

/**
 * How a packet came onto the bridge. It does so once, so each packet is counted once at a host; one
 * between VMs of two hosts is sent at one and delivered at the other.
 */
public enum WayIn {
  /** From a port that is a VM's. */
  SENT_BY_VM(0),
  /** From elsewhere: routed by this host onto the bridge, or in by a port that is an uplink. */
  FROM_ELSEWHERE(1);

  private final int code;

  WayIn(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
