package io.sterna.agent.hypervisor;

/** What was asked for does not hold; the message says why, in one line. */
public final class HypervisorException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a reason. */
  public HypervisorException(String reason) {
    super(reason);
  }

  /** With a reason, and what lies behind it. */
  public HypervisorException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
