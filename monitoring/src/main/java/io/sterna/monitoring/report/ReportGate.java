package io.sterna.monitoring.report;

import io.sterna.protocol.FeId;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lets each part of an interval pass once, however often it arrives.
 *
 * <p>An FE sends parts in order, and after a lost session begins again at some earlier one. So what
 * is not behind the last that passed was here before. A restarted agent counts from the beginning
 * under another incarnation; what still arrives of the one before it is late and refused.
 *
 * <p>Remembers a few numbers for each FE. Not thread-safe.
 */
public final class ReportGate {
  /**
   * What comes too early so often is waited for no more: the FE does not have what is missing,
   * because somebody else, who was taken for the receiver then, acknowledged it.
   */
  private static final int TIMES_EARLY_MAX = 8;

  private final Map<FeId, Passed> lastByFe = new HashMap<>();
  private final Map<FeId, Early> earlyByFe = new HashMap<>();

  private record Passed(
      long incarnation, @Nullable Long former, long interval, int part, boolean ended) {}

  /** The first part behind a gap, and how often it came. */
  private record Early(long incarnation, long interval, int part, int times) {}

  /**
   * Whether something is missing before this part. Acknowledging it would acknowledge that, too;
   * left unanswered, the FE sends both again, in order.
   */
  public boolean comesTooEarly(FeId fe, TrafficReport report) {
    Passed last = lastByFe.get(fe);
    if (last == null || last.incarnation() != report.incarnation() || !isBehindAGap(report, last)) {
      return false;
    }
    Early before = earlyByFe.get(fe);
    if (before != null && isLaterThan(report, before)) {
      return true;
    }
    int times = before != null && isSame(report, before) ? before.times() + 1 : 1;
    earlyByFe.put(fe, new Early(report.incarnation(), report.interval(), report.part(), times));
    return times <= TIMES_EARLY_MAX;
  }

  private static boolean isSame(TrafficReport report, Early early) {
    return early.incarnation() == report.incarnation()
        && early.interval() == report.interval()
        && early.part() == report.part();
  }

  private static boolean isBehindAGap(TrafficReport report, Passed last) {
    if (report.interval() == last.interval()) {
      return report.part() > last.part() + 1;
    }
    boolean isNext = report.interval() == last.interval() + 1 && report.part() == 0 && last.ended();
    return report.interval() > last.interval() && !isNext;
  }

  private static boolean isLaterThan(TrafficReport report, Early early) {
    return early.incarnation() == report.incarnation()
        && (report.interval() > early.interval()
            || (report.interval() == early.interval() && report.part() > early.part()));
  }

  /** Whether this part is to be counted now. */
  public boolean passes(FeId fe, TrafficReport report) {
    Passed last = lastByFe.get(fe);
    Long former = null;
    if (last != null) {
      boolean same = last.incarnation() == report.incarnation();
      if (same ? !isAfter(report, last) : isFormer(report, last)) {
        return false;
      }
      former = same ? last.former() : Long.valueOf(last.incarnation());
    }
    earlyByFe.remove(fe);
    lastByFe.put(
        fe,
        new Passed(report.incarnation(), former, report.interval(), report.part(), report.last()));
    return true;
  }

  /** Forgets an FE that is gone for good. */
  public void forget(FeId fe) {
    lastByFe.remove(fe);
    earlyByFe.remove(fe);
  }

  private static boolean isAfter(TrafficReport report, Passed last) {
    return report.interval() > last.interval()
        || (report.interval() == last.interval() && report.part() > last.part());
  }

  private static boolean isFormer(TrafficReport report, Passed last) {
    Long former = last.former();
    return former != null && former == report.incarnation();
  }
}
