package io.sterna.lab.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/**
 * When each range acknowledged changes, as its claimants saw it. Times are nanoseconds of one
 * monotonic clock. Thread-safe.
 */
final class ServiceLog {
  private final IntUnaryOperator rangeOfVm;
  private final List<List<Answer>> answers = new ArrayList<>();

  private final List<Wait> givenUp = new ArrayList<>();

  private record Wait(long dueNanos, long nanos) {}

  private record Answer(int vm, long dueNanos, long nanos) {}

  /**
   * @param rangeOfVm the number of the range of a VM, from 0
   */
  ServiceLog(int ranges, IntUnaryOperator rangeOfVm) {
    this.rangeOfVm = rangeOfVm;
    for (int i = 0; i < ranges; i++) {
      answers.add(new ArrayList<>());
    }
  }

  synchronized void acknowledged(int vm, long dueNanos, long nowNanos) {
    answers.get(rangeOfVm.applyAsInt(vm)).add(new Answer(vm, dueNanos, nowNanos));
  }

  /** A claim had no answer until its VM appeared elsewhere. */
  synchronized void gaveUp(long dueNanos, long untilNanos) {
    givenUp.add(new Wait(dueNanos, untilNanos - dueNanos));
  }

  /** How many ranges have acknowledged nothing that was due after a moment. */
  synchronized int silentSince(long nanos) {
    return (int) answers.stream().filter(range -> servedSince(range, nanos) < 0).count();
  }

  /**
   * How long after a moment the last range acknowledged something that was due after it: what was
   * answered before and still on its way does not count.
   *
   * @param ranges which ranges count
   * @return -1 if one of them never did
   */
  synchronized long servedAfter(List<Integer> ranges, long nanos) {
    long worst = 0;
    for (int range : ranges) {
      long served = servedSince(answers.get(range), nanos);
      if (served < 0) {
        return -1;
      }
      worst = Math.max(worst, served - nanos);
    }
    return worst;
  }

  private static long servedSince(List<Answer> range, long nanos) {
    return range.stream()
        .filter(answer -> answer.dueNanos() >= nanos)
        .mapToLong(Answer::nanos)
        .findFirst()
        .orElse(-1);
  }

  /** The longest time in which one of these ranges acknowledged nothing, between two moments. */
  synchronized long longestSilence(List<Integer> ranges, long fromNanos, long untilNanos) {
    long longest = 0;
    for (int range : ranges) {
      long last = fromNanos;
      for (Answer answer : answers.get(range)) {
        if (answer.nanos() > fromNanos && answer.nanos() <= untilNanos) {
          longest = Math.max(longest, answer.nanos() - last);
          last = answer.nanos();
        }
      }
      longest = Math.max(longest, untilNanos - last);
    }
    return longest;
  }

  /** The longest time from due to acknowledged or given up, of all that was due after a moment. */
  synchronized long slowestSince(long nanos) {
    Stream<Wait> answered =
        answers.stream()
            .flatMap(List::stream)
            .map(answer -> new Wait(answer.dueNanos(), answer.nanos() - answer.dueNanos()));
    return Stream.concat(answered, givenUp.stream())
        .filter(wait -> wait.dueNanos() >= nanos)
        .mapToLong(Wait::nanos)
        .max()
        .orElse(0);
  }

  /** How many VMs' bindings were acknowledged between two moments. */
  synchronized int vmsBetween(long fromNanos, long untilNanos) {
    return (int)
        answers.stream()
            .flatMap(List::stream)
            .filter(answer -> answer.nanos() > fromNanos && answer.nanos() <= untilNanos)
            .mapToInt(Answer::vm)
            .distinct()
            .count();
  }
}
