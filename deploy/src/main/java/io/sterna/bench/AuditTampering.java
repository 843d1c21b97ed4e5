package io.sterna.bench;

import io.sterna.lab.LabException;
import io.sterna.lab.LabPorts;
import io.sterna.protocol.RangeId;
import io.sterna.store.cassandra.CassandraSettings;
import io.sterna.store.cassandra.JournalTampering;
import io.sterna.store.cassandra.NodeSettings.CommitLogSync;
import io.sterna.store.cassandra.SchemaException;
import io.sterna.store.trial.Tampering;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Somebody writes straight into Cassandra, case after case.
 *
 * @param casesOfEach cases of each kind
 * @param seed of all of them
 */
record AuditTampering(int casesOfEach, long seed) implements Experiment<Reading> {
  private static final int PLACES = 300;
  private static final int RANGES = 4;

  @Override
  public Reading run(Bench bench) throws LabException {
    TestbedPlan plan = new TestbedPlan(1, 1, 1, CommitLogSync.PERIODIC);
    return Testbed.during(bench, plan, testbed -> run(bench, testbed));
  }

  private Reading run(Bench bench, Testbed testbed) throws LabException {
    List<RangeId> ranges = new ArrayList<>();
    for (int i = 0; i < RANGES; i++) {
      ranges.add(RangeId.parse("10.10." + i + ".0/24"));
    }
    String contact = LabPorts.HOST + ":" + testbed.cqlPort();
    CassandraSettings settings =
        new CassandraSettings(List.of(contact), "datacenter1", "tampering", 1);
    try (JournalTampering tampering = JournalTampering.connect(settings, ranges)) {
      tampering.prepare(PLACES, seed);
      if (!tampering.untouched().isEmpty()) {
        throw new LabException("what nobody touched has faults: " + tampering.untouched());
      }
      List<String> missed = new ArrayList<>();
      for (Tampering.Kind kind : Tampering.Kind.values()) {
        bench.progress().say(casesOfEach + " cases of " + kind);
        for (int i = 0; i < casesOfEach; i++) {
          tampering.tryCase(kind, seed * 1_000_003 + i).ifPresent(missed::add);
        }
      }
      Map<String, Object> conditions = bench.conditions();
      conditions.put("cases", tampering.cases());
      conditions.put("seed", seed);
      conditions.put("ranges", RANGES);
      conditions.put("rows_a_range", PLACES);
      if (!missed.isEmpty()) {
        conditions.put("first_missed", missed.get(0));
      }
      return new Reading(missed.size(), conditions);
    } catch (SchemaException e) {
      throw new LabException(String.valueOf(e.getMessage()), e);
    }
  }
}
