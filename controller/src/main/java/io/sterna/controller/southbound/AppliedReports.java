package io.sterna.controller.southbound;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import io.sterna.controller.owner.RangeCommand;
import io.sterna.controller.owner.RangeCommand.FesApplied;
import io.sterna.controller.owner.RangeCommand.Installed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What elements say they have installed, on its way to the ranges of this node. Each element says
 * so of every range many times a second: a range that heard of each by itself would be told as
 * often as elements times ranges. So what is more than some an interval waits until that is over,
 * and a range hears of all elements together. Reports of a range stay in order. Thread-safe.
 */
final class AppliedReports {
  /** About how long a report waits at most: the tick of Akka's scheduler (controller-akka.conf). */
  private static final Duration INTERVAL = Duration.ofMillis(25);

  /** So many an interval wait for nothing: few cost little. */
  static final int AT_ONCE = 32;

  private final Map<ActorRef<RangeCommand>, List<Installed>> waiting = new LinkedHashMap<>();
  private int told;

  /** None yet, and nobody tells what waits. */
  AppliedReports() {}

  /** Those of a node, told for as long as its system runs. */
  static AppliedReports start(ActorSystem<?> system) {
    AppliedReports reports = new AppliedReports();
    system
        .scheduler()
        .scheduleAtFixedRate(INTERVAL, INTERVAL, reports::tell, system.executionContext());
    return reports;
  }

  /** Tells the range, now or before long. */
  synchronized void add(ActorRef<RangeCommand> range, Installed report) {
    if (told < AT_ONCE) {
      told++;
      range.tell(new FesApplied(List.of(report)));
    } else {
      waiting.computeIfAbsent(range, r -> new ArrayList<>()).add(report);
    }
  }

  /** An interval is over: tells what waits. */
  synchronized void tell() {
    told = 0;
    waiting.forEach((range, reports) -> range.tell(new FesApplied(reports)));
    waiting.clear();
  }
}
