package io.sterna.monitoring.flow;

/**
 * The numbers an exporter gives its messages or records, 32 bits that wrap: tells how many were
 * lost on the way. A jump that is too wide to be a loss, or that goes back, is a restart of the
 * exporter: then nothing is known.
 *
 * <p>RFC 7011 wants the number of the records before the message; softflowd sends that of those up
 * to its end. Either is taken as complete.
 */
final class Sequence {
  /** More than this was not lost, it was another exporter at the same address. */
  private static final int LOST_MAX = 1 << 20;

  private boolean known;
  private int expected;
  private int former;

  /**
   * Takes the number of a message.
   *
   * @param number as it was sent
   * @param count by how much the next one will be more
   * @return how many are missing before it
   */
  long next(int number, int count) {
    int gap = number - expected; // the wrap is the machine's own
    boolean complete = number == former + count;
    long lost = known && !complete && gap > 0 && gap <= LOST_MAX ? gap : 0;
    boolean late = known && !complete && gap < 0 && -gap <= LOST_MAX / 1024;
    if (!late) {
      expected = number + count;
      former = number;
    }
    known = true;
    return lost;
  }
}
