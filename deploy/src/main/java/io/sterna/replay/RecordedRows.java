package io.sterna.replay;

import io.sterna.loadgen.replay.ReplayRow;
import io.sterna.protocol.Binding;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.store.audit.Recorded;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeActivated;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows as the feed that their owners made of them when they were committed: the first row of an
 * epoch moves elements on without a change, and so does a row of refusals; of several changes of an
 * address in a row the last one is told.
 */
public final class RecordedRows {
  private RecordedRows() {}

  /** What is told of a row: it says itself from where it goes on. */
  public static ReplayRow told(Recorded recorded) {
    RangeEvent row = recorded.row();
    List<ReplayRow.Change> changes = new ArrayList<>();
    long refusals = 0;
    if (row instanceof RangeCommitted committed) {
      for (Entry entry : committed.entries()) {
        if (entry instanceof Entry.Change change) {
          changes.add(new ReplayRow.Change(change.binding(), change.seenVersion()));
        } else if (entry instanceof Entry.Refused || entry instanceof Entry.Declined) {
          refusals++;
        } else if (entry instanceof Entry.RefusalsOmitted omitted) {
          refusals += omitted.count();
        }
      }
    }
    return new ReplayRow(
        recorded.number(),
        recorded.atEpochMillis(),
        recorded.atEpochMillis() - row.atEpochMillis(),
        row instanceof RangeActivated,
        refusals,
        changes,
        delta(recorded.range(), row, changes));
  }

  private static Delta delta(RangeId range, RangeEvent row, List<ReplayRow.Change> changes) {
    RangePosition to = new RangePosition(range, row.epoch(), row.lastRevision(), row.hash());
    return new Delta(fromRevision(row), row.previousHash(), to, latest(changes));
  }

  /** In order of address, as a batch tells it. */
  private static List<Binding> latest(List<ReplayRow.Change> changes) {
    Map<IpAddress, Binding> latest = new TreeMap<>();
    for (ReplayRow.Change change : changes) {
      latest.put(change.binding().address(), change.binding());
    }
    return List.copyOf(latest.values());
  }

  private static long fromRevision(RangeEvent row) {
    return row instanceof RangeCommitted committed
        ? committed.firstRevision() - 1
        : row.lastRevision();
  }
}
