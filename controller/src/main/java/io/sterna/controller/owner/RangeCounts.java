package io.sterna.controller.owner;

import io.sterna.controller.owner.RangeCommand.ConvergenceTimes;
import io.sterna.controller.owner.RangeCommand.FeProgress;
import io.sterna.controller.owner.RangeCommand.RangeDescription;
import io.sterna.controller.policy.RangePolicy;
import io.sterna.controller.range.RangeState;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.RangePosition;
import java.time.Duration;
import java.util.List;

/**
 * What there is in a range.
 *
 * @param bindings the bindings
 * @param silent those of VMs that do not answer
 * @param damped the addresses that may not move
 * @param sweepInNanos when there is something to end or to write down; {@link Long#MAX_VALUE} = not
 *     before the next claim
 */
record RangeCounts(int bindings, int silent, int damped, long sweepInNanos) {
  static final RangeCounts NOTHING = new RangeCounts(0, 0, 0, Long.MAX_VALUE);

  static RangeCounts of(RangeState state, RangePolicy policy) {
    return new RangeCounts(
        state.size(), policy.silentCount(), policy.dampedCount(), policy.sweepInNanos());
  }

  Duration sweepIn(Duration least) {
    return Duration.ofNanos(Math.max(least.toNanos(), sweepInNanos));
  }

  RangeDescription describe(
      ControllerId owner,
      RangePosition at,
      List<FeProgress> followers,
      ConvergenceTimes convergence) {
    return new RangeDescription(
        at.range(),
        owner,
        at.epoch(),
        at.revision(),
        at.hash(),
        bindings,
        silent,
        damped,
        followers,
        convergence);
  }
}
