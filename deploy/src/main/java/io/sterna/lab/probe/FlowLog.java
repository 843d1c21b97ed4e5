package io.sterna.lab.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The sender's, the VM's and the receiver's notes about the probes of one flow. Loss is counted by
 * number, so a pause of this process delays notes but loses no probe.
 *
 * <p>Holds the last {@link #CAPACITY} probes. One thread sends, others note arrivals and answers.
 */
public final class FlowLog {
  /** The most probes that are remembered: two minutes at one a millisecond. */
  public static final int CAPACITY = 1 << 17;

  private static final long NOT_YET = 0;

  private final String name;
  private final AtomicLong count = new AtomicLong();
  private final AtomicLong answeredCount = new AtomicLong();
  private final AtomicLong lastAnswered = new AtomicLong(-1);
  private final AtomicLongArray sent = new AtomicLongArray(CAPACITY);
  private final AtomicLongArray arrived = new AtomicLongArray(CAPACITY);
  private final AtomicLongArray answered = new AtomicLongArray(CAPACITY);

  /** An empty log of the flow of this name. */
  public FlowLog(String name) {
    this.name = name;
  }

  /** The flow's name, for people. */
  public String name() {
    return name;
  }

  /** Notes that the next probe is being sent, and returns its number. One thread calls this. */
  public long sending(long nanos) {
    long number = count.get();
    int slot = slot(number);
    arrived.set(slot, NOT_YET);
    answered.set(slot, NOT_YET);
    sent.set(slot, nanos);
    count.set(number + 1);
    return number;
  }

  /** Notes that the VM has the probe; numbers never sent or long forgotten are ignored. */
  public void arrived(long number, long nanos) {
    if (remembers(number)) {
      arrived.set(slot(number), noted(nanos));
    }
  }

  /** Notes that the answer came back; numbers never sent or long forgotten are ignored. */
  public void answered(long number, long nanos) {
    if (remembers(number) && answered.compareAndSet(slot(number), NOT_YET, noted(nanos))) {
      answeredCount.incrementAndGet();
      lastAnswered.accumulateAndGet(number, Math::max);
    }
  }

  /** How many probes were sent: the number of the next one. */
  public long sentCount() {
    return count.get();
  }

  /** The greatest number that was answered; -1 if none was. */
  public long lastAnswered() {
    return lastAnswered.get();
  }

  /** How many were answered. */
  public long answeredCount() {
    return answeredCount.get();
  }

  /**
   * The probes from one number to below another, those that are remembered.
   *
   * @param from inclusive
   * @param until exclusive
   */
  public List<ProbeFate> fates(long from, long until) {
    long end = Math.min(until, count.get());
    List<ProbeFate> fates = new ArrayList<>();
    for (long number = Math.max(from, end - CAPACITY + 1); number < end; number++) {
      int slot = slot(number);
      long arrival = arrived.get(slot);
      fates.add(
          new ProbeFate(
              number, sent.get(slot), arrival, arrival != NOT_YET, answered.get(slot) != NOT_YET));
    }
    return fates;
  }

  private boolean remembers(long number) {
    long sentSoFar = count.get();
    return number >= 0 && number < sentSoFar && number > sentSoFar - CAPACITY;
  }

  private static int slot(long number) {
    return (int) (number & (CAPACITY - 1));
  }

  private static long noted(long nanos) {
    return nanos == NOT_YET ? 1 : nanos;
  }
}
