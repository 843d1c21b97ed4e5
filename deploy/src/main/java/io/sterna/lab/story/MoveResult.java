package io.sterna.lab.story;

import io.sterna.lab.probe.LossAccount;
import io.sterna.lab.probe.Pacer;
import io.sterna.lab.topology.MoveStamps;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * What one move did to the probes. Pure.
 *
 * @param number counts from 1
 * @param from name of the site it left
 * @param to name of the site where it went
 * @param stamps when its steps happened
 * @param installedNanos when the last forwarding element had the routes to all its addresses
 * @param losses one account for each flow
 * @param brokenStreams the connections that broke, or did not catch up, and why
 */
record MoveResult(
    int number,
    String from,
    String to,
    MoveStamps stamps,
    long installedNanos,
    List<LossAccount> losses,
    List<String> brokenStreams) {
  MoveResult {
    losses = List.copyOf(losses);
    brokenStreams = List.copyOf(brokenStreams);
  }

  /** Probes sent by one flow: the fewest. */
  int sent() {
    return losses.stream().mapToInt(LossAccount::sent).min().orElse(0);
  }

  /** Probes lost by one flow while the VM had a link: the most. */
  int lost() {
    return most(LossAccount::lost);
  }

  /** Of those, lost after the announcement. */
  int lostStale() {
    return most(LossAccount::lostStale);
  }

  /** Probes lost by one flow because the VM had no link: the most. */
  int lostUnplugged() {
    return most(LossAccount::lostUnplugged);
  }

  /** The longest time without an answer of one flow, the unplugged time included. */
  double longestGapMs() {
    return millis(most(LossAccount::longestGap) * Pacer.INTERVAL_NANOS);
  }

  /** How long the VM had no link. */
  double unpluggedMs() {
    return millis(stamps.pluggedNanos() - stamps.unpluggedNanos());
  }

  /** From the first announcement until the last forwarding element had the routes. */
  double announceToInstalledMs() {
    return millis(installedNanos - stamps.announcedNanos());
  }

  /** Whether every connection survived. */
  boolean streamsSurvived() {
    return brokenStreams.isEmpty();
  }

  private int most(ToIntFunction<LossAccount> count) {
    return losses.stream().map(count::applyAsInt).max(Comparator.naturalOrder()).orElse(0);
  }

  private static double millis(long nanos) {
    return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }
}
