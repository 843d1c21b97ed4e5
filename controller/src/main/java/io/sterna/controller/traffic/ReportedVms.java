package io.sterna.controller.traffic;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.SouthboundMessage.VmReport;
import io.sterna.protocol.VmUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What VMs use, as hypervisors said lately. Pure: milliseconds of any clock that does not go back.
 *
 * <p>A VM that is not reported again for {@value #INTERVALS_MISSING_MAX} intervals of its element,
 * each taken as within limits, is forgotten. Memory: one entry for each address and each element
 * that names it; beyond the most, whoever was reported longest ago is forgotten.
 */
final class ReportedVms {
  private static final int INTERVALS_MISSING_MAX = 3;
  private static final long INTERVAL_MIN_MILLIS = 10_000;
  private static final long INTERVAL_MAX_MILLIS = 300_000;

  private final int vmsMax;

  /** In the order of their last reports. */
  private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);

  /** An element that names a VM which is not its own takes nothing from what another says. */
  private record Key(IpAddress address, FeId fe) {}

  private record Entry(KnownUse known, long untilMillis) {}

  /**
   * @param vmsMax how many words of elements about VMs are remembered
   */
  ReportedVms(int vmsMax) {
    this.vmsMax = vmsMax;
  }

  void reported(FeId fe, VmReport report, long nowMillis) {
    long every = Math.max(INTERVAL_MIN_MILLIS, Math.min(report.intervalMs(), INTERVAL_MAX_MILLIS));
    long untilMillis = nowMillis + INTERVALS_MISSING_MAX * every;
    for (VmUse use : report.vms()) {
      entries.put(new Key(use.address(), fe), new Entry(new KnownUse(fe, use), untilMillis));
    }
    Iterator<Entry> oldest = entries.values().iterator();
    while (entries.size() > vmsMax) {
      oldest.next();
      oldest.remove();
    }
  }

  /** What is known now, by address: what each element says, the latest last. */
  Map<IpAddress, List<KnownUse>> known(long nowMillis) {
    entries.values().removeIf(each -> each.untilMillis() <= nowMillis);
    Map<IpAddress, List<KnownUse>> known = new HashMap<>();
    entries.forEach(
        (key, each) ->
            known.computeIfAbsent(key.address(), a -> new ArrayList<>(1)).add(each.known()));
    return known;
  }
}
