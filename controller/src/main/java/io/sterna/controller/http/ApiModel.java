package io.sterna.controller.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the HTTP API shows, field for field. Addresses, ids and ranges are text. */
final class ApiModel {
  private ApiModel() {}

  /**
   * @param state active, inactive (its VM does not answer) or damped (it moved too often and stays)
   * @param dampedForSeconds in how long it may move again, rounded up; absent if it is not damped
   * @param allowedSites where policy lets it be; empty: anywhere
   */
  record BindingView(
      String address,
      String fe,
      String site,
      String mac,
      long version,
      String range,
      String state,
      @Nullable Long dampedForSeconds,
      List<String> allowedSites) {}

  /**
   * @param bindings all of them
   * @param inactive those of VMs that do not answer
   * @param damped those that moved too often and stay where they are
   * @param convergence absent if nobody owns the range
   */
  record RangeView(
      String range,
      String owner,
      long epoch,
      long revision,
      int bindings,
      int inactive,
      int damped,
      String hash,
      @Nullable ConvergenceView convergence) {}

  /**
   * From committed to installed at every element that follows, as elements report it.
   *
   * @param changes that every follower has installed, since the owner became active
   * @param givenUp changes that were not waited for to the end: an element left, or hangs
   */
  record ConvergenceView(long changes, long givenUp, double p50Ms, double p99Ms, double maxMs) {}

  /** An address that may move again. */
  record UndampedView(String address, String range) {}

  record MemberView(String id, String address, String status, boolean reachable, boolean oldest) {}

  /**
   * @param sessions the controllers that the element holds a session to
   * @param inSync whether it has installed everything committed, in every range
   */
  record ElementView(
      String id,
      String site,
      String underlay,
      boolean connected,
      List<String> sessions,
      boolean inSync,
      List<ElementRange> ranges) {}

  record ElementRange(String range, long committedRevision, long appliedRevision, long epoch) {}

  record HealthView(String status, Map<String, String> checks) {}
}
