package io.sterna.monitoring.matrix;

import io.sterna.monitoring.report.AddressPair;
import java.util.Comparator;

/** How much one pair sends, in its direction. */
public record PairRate(AddressPair pair, Rate rate) {
  /** In order of address. */
  public static final Comparator<PairRate> BY_ADDRESS = Comparator.comparing(PairRate::pair);

  /** Most bytes first; of equals, in order of address. */
  public static final Comparator<PairRate> HEAVIEST_FIRST =
      Comparator.comparingDouble((PairRate each) -> -each.rate().bytesPerSec())
          .thenComparing(BY_ADDRESS);

  /** Most packets first; of equals, in order of address. */
  public static final Comparator<PairRate> BUSIEST_FIRST =
      Comparator.comparingDouble((PairRate each) -> -each.rate().packetsPerSec())
          .thenComparing(BY_ADDRESS);
}
