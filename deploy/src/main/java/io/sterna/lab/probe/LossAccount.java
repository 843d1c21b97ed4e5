package io.sterna.lab.probe;

import io.sterna.lab.topology.MoveStamps;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How many probes of a flow were lost, and why. Pure.
 *
 * @param sent all probes of the window
 * @param lostUnplugged lost because the VM had no link: nothing that forwards could have helped
 * @param lostUnannounced lost between the moment the VM had a link again and its announcement
 * @param lostStale lost otherwise: something sent them to where the VM was not
 * @param longestGap the most lost probes in a row, of whatever cause
 */
public record LossAccount(
    int sent, int lostUnplugged, int lostUnannounced, int lostStale, int longestGap) {
  /** How long before the unplugging a probe may have left and still be under way then. */
  static final long IN_FLIGHT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** Everything that was lost while the VM had a link. */
  public int lost() {
    return lostUnannounced + lostStale;
  }

  /** Accounts for the probes around a move. */
  public static LossAccount ofMove(List<ProbeFate> fates, MoveStamps stamps) {
    int unplugged = 0;
    int unannounced = 0;
    int stale = 0;
    for (ProbeFate fate : fates) {
      if (fate.answered()) {
        continue;
      }
      // A probe that reached the VM was lost on its way back, which began when it arrived.
      long left = fate.arrived() ? fate.arrivedNanos() : fate.sentNanos();
      if (left - (stamps.unpluggedNanos() - IN_FLIGHT_NANOS) < 0
          || left - stamps.announcedNanos() > 0) {
        stale++;
      } else if (left - stamps.pluggedNanos() <= 0) {
        unplugged++;
      } else {
        unannounced++;
      }
    }
    return new LossAccount(fates.size(), unplugged, unannounced, stale, longestGap(fates));
  }

  /** Accounts for probes during which no VM moved: every loss counts. */
  public static LossAccount ofRest(List<ProbeFate> fates) {
    int lost = (int) fates.stream().filter(fate -> !fate.answered()).count();
    return new LossAccount(fates.size(), 0, 0, lost, longestGap(fates));
  }

  private static int longestGap(List<ProbeFate> fates) {
    int longest = 0;
    int current = 0;
    for (ProbeFate fate : fates) {
      current = fate.answered() ? 0 : current + 1;
      longest = Math.max(longest, current);
    }
    return longest;
  }
}
