package io.sterna.store.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.Fault;
import io.sterna.store.audit.Head;
import io.sterna.store.audit.StoredRow;
import io.sterna.store.audit.StoredSnapshot;
import io.sterna.store.audit.Verdict;
import io.sterna.store.audit.Verification;
import io.sterna.store.trial.RandomJournal;
import io.sterna.store.trial.Tampering;
import io.sterna.store.trial.Tampering.Place;
import io.sterna.store.trial.Tampering.Step;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * Tampers with journals in a real Cassandra, one case after the other, and says which cases were
 * not found, or not named exactly. For tests and benches only.
 */
public final class JournalTampering implements AutoCloseable {
  private static final RandomJournal.Shape SHAPE = new RandomJournal.Shape(40, 6, 15);
  private static final int SNAPSHOT_EVERY = 50;

  private final CqlSession session;
  private final List<RangeId> ranges;
  private final TrialJournal journal;
  private final JournalReader reader;
  private final Map<RangeId, TreeMap<Long, byte[]>> rows = new TreeMap<>();
  private final Map<RangeId, TreeMap<Long, byte[]>> snapshots = new TreeMap<>();
  private final List<Head> heads = new ArrayList<>();
  private long intactRows;
  private int cases;

  private JournalTampering(CqlSession session, String keyspace, List<RangeId> ranges) {
    this.session = session;
    this.ranges = List.copyOf(ranges);
    this.journal = new TrialJournal(session, keyspace);
    this.reader = new JournalReader(session, keyspace);
  }

  /**
   * Connects; nothing is written yet.
   *
   * @throws SchemaException if Cassandra has no such tables and refuses to make them
   */
  public static JournalTampering connect(CassandraSettings settings, List<RangeId> ranges)
      throws SchemaException {
    CqlSession session = settings.sessionBuilder().build();
    Schema.create(session, settings);
    return new JournalTampering(session, settings.keyspace(), ranges);
  }

  @Override
  public void close() {
    session.close();
  }

  /**
   * Writes a journal for each range.
   *
   * @param places how many rows of each count
   */
  public void prepare(int places, long seed) {
    for (RangeId range : ranges) {
      RandomJournal made = new RandomJournal(range, SHAPE, seed);
      TreeMap<Long, byte[]> single = new TreeMap<>();
      TreeMap<Long, byte[]> kept = new TreeMap<>();
      Set<Long> twice = new HashSet<>();
      long number = 0;
      while (number < places || !made.atEndOfPlace()) {
        StoredRow row = made.next();
        journal.write(range, row);
        number = row.number();
        if (single.put(number, row.bytes()) != null) {
          twice.add(number);
        }
        if (made.atEndOfPlace() && number % SNAPSHOT_EVERY == 0) {
          StoredSnapshot snapshot = made.snapshot();
          journal.write(range, snapshot);
          kept.put(snapshot.number(), snapshot.bytes());
        }
      }
      single.keySet().removeAll(twice);
      rows.put(range, single);
      snapshots.put(range, kept);
      heads.add(made.head());
    }
    journal.flush();
    intactRows = verify().values().stream().mapToLong(Verdict::intactRows).sum();
  }

  /** Faults in what nobody touched: none, unless something is wrong with the check. */
  public List<Fault> untouched() {
    return verify().values().stream().flatMap(each -> each.faults().stream()).toList();
  }

  /** How many cases were tried. */
  public int cases() {
    return cases;
  }

  /**
   * Tampers, checks all ranges, and makes everything as it was.
   *
   * @return what was missed, with the seed that does it again; empty if all was named, and nothing
   *     else
   */
  public Optional<String> tryCase(Tampering.Kind kind, long seed) {
    cases++;
    Tampering.Target target = new Tampering.Target(rows, snapshots);
    Tampering tampering = Tampering.random(kind, target, new Random(seed));
    for (Step step : tampering.steps()) {
      journal.apply(step, original(step));
    }
    try {
      return complaint(tampering, verify()).map(what -> kind + ", seed " + seed + ": " + what);
    } finally {
      journal.undo();
    }
  }

  private byte[] original(Step step) {
    return step instanceof Step.OverwriteSnapshot over
        ? snapshots
            .getOrDefault(over.at().range(), new TreeMap<>())
            .getOrDefault(over.at().number(), new byte[0])
        : new byte[0];
  }

  private Map<RangeId, Verdict> verify() {
    Map<RangeId, Verdict> verdicts = new TreeMap<>();
    for (RangeId range : ranges) {
      Verification verification = new Verification(range, reader.snapshots(range), heads);
      reader.rows(range, 1).forEachRemaining(verification::add);
      verdicts.put(range, verification.end());
    }
    return verdicts;
  }

  private Optional<String> complaint(Tampering tampering, Map<RangeId, Verdict> verdicts) {
    List<Fault> faults =
        verdicts.values().stream().flatMap(each -> each.faults().stream()).toList();
    for (Place place : tampering.hit()) {
      if (faults.stream().noneMatch(fault -> names(fault, place))) {
        return Optional.of(place + " is not named in " + faults);
      }
    }
    for (Fault fault : faults) {
      if (tampering.hit().stream().noneMatch(place -> names(fault, place))) {
        return Optional.of(fault + " was not done: " + tampering.hit());
      }
    }
    long lost =
        switch (tampering.kind()) {
          case INSERT_ROW, REPLAY_SNAPSHOT -> 0;
          case CUT_OFF_END -> tampering.steps().size();
          default -> tampering.hit().size();
        };
    long intact = verdicts.values().stream().mapToLong(Verdict::intactRows).sum();
    return intact == intactRows - lost
        ? Optional.empty()
        : Optional.of(
            "%d rows are said to be intact, not %d: %s"
                .formatted(intact, intactRows - lost, faults));
  }

  private static boolean names(Fault fault, Place place) {
    return fault.range().equals(place.range())
        && fault.firstRow() <= place.number()
        && place.number() <= fault.lastRow();
  }
}
