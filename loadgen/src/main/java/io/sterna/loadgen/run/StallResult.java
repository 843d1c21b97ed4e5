package io.sterna.loadgen.run;

import io.sterna.loadgen.measure.Latency;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an element that stalled did to the others.
 *
 * @param before from due to installed at the last of the others, of changes due before the stall
 * @param during the same of changes due while it lasted
 * @param caughtUpMs from its end until the element was where another was at that end; below 0 =
 *     never
 * @param residentBeforeMebibytes memory of each watched process when it began
 * @param residentMaxMebibytes the most while it lasted
 */
public record StallResult(
    Latency before,
    Latency during,
    double caughtUpMs,
    Map<String, Long> residentBeforeMebibytes,
    Map<String, Long> residentMaxMebibytes) {
  public StallResult {
    residentBeforeMebibytes =
        Collections.unmodifiableMap(new LinkedHashMap<>(residentBeforeMebibytes));
    residentMaxMebibytes = Collections.unmodifiableMap(new LinkedHashMap<>(residentMaxMebibytes));
  }
}
