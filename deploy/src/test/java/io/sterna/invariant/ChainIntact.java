package io.sterna.invariant;

import io.sterna.protocol.ChainHash;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.List;

/** The hashes of a range's history, computed anew, are those that are stored. */
public final class ChainIntact {
  private ChainIntact() {}

  /** Says which rows do not fit. */
  public static List<String> check(List<? extends RangeEvent> rows) {
    List<String> wrong = new ArrayList<>();
    ChainHash head = ChainHash.GENESIS;
    long epoch = 0;
    for (RangeEvent row : rows) {
      Chain.fault(head, row).ifPresent(wrong::add);
      if (row.epoch() < epoch) {
        wrong.add("epoch " + row.epoch() + " follows epoch " + epoch);
      }
      head = row.hash();
      epoch = row.epoch();
    }
    return wrong;
  }
}
