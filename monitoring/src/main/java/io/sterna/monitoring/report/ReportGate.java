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
  private final Map<FeId, Passed> lastByFe = new HashMap<>();

  private record Passed(long incarnation, @Nullable Long former, long interval, int part) {}

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
    lastByFe.put(fe, new Passed(report.incarnation(), former, report.interval(), report.part()));
    return true;
  }

  /** Forgets an FE that is gone for good. */
  public void forget(FeId fe) {
    lastByFe.remove(fe);
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
