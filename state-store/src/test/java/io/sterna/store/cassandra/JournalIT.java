package io.sterna.store.cassandra;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ControllerId;
import io.sterna.protocol.Evidence;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import io.sterna.protocol.RangeId;
import io.sterna.store.akka.RangeEventSerializer;
import io.sterna.store.chain.Chain;
import io.sterna.store.event.Entry;
import io.sterna.store.event.RangeEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedNode.Resolver.class)
class JournalIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final RangeId RANGE = RangeId.parse("10.10.0.0/20");
  private static final int WARM_UP_ROWS = 1_000;
  private static final int MEASURED_ROWS = 1_000;

  @Test
  void rowsAndSnapshotsComeBackThroughThePlugin(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("journal");
    createSchema(settings);
    RangeLog.State written;
    ActorTestKit kit = ActorTestKit.create("store-write", config(settings));
    try {
      TestProbe<RangeLog.State> probe = kit.createTestProbe();
      written = append(kit.spawn(new RangeLog("a", 4)), probe, 10);
      assertEquals(9, written.revision());
      RangeLog.State unpacked = append(kit.spawn(new RangeLog("b", 0)), probe, 10);
      assertEquals(written, unpacked);
    } finally {
      kit.shutdownTestKit();
    }
    ActorTestKit successor = ActorTestKit.create("store-read", config(settings));
    try {
      TestProbe<RangeLog.State> probe = successor.createTestProbe();
      for (String id : List.of("a", "b")) {
        successor.spawn(new RangeLog(id, 0)).tell(new RangeLog.Read(probe.getRef()));
        assertEquals(written, probe.receiveMessage(PATIENCE));
      }
    } finally {
      successor.shutdownTestKit();
    }
    try (CqlSession session = SharedNode.session(settings)) {
      Row row = session.execute("SELECT ser_id, ser_manifest FROM journal.messages").one();
      assertEquals(RangeEventSerializer.IDENTIFIER, row.getInt("ser_id"));
      assertEquals("row", row.getString("ser_manifest"));
      Row snapshot = session.execute("SELECT ser_manifest FROM journal.snapshots").one();
      assertEquals("snap", snapshot.getString("ser_manifest"));
    }
  }

  /** The product's bar is 10 ms for the whole way of a packet; this is the largest part of it. */
  @Test
  void aSmallRowIsCommittedInMilliseconds(SharedNode node) throws Exception {
    CassandraSettings settings = node.settings("latency");
    createSchema(settings);
    ActorTestKit kit = ActorTestKit.create("store-latency", config(settings));
    try {
      TestProbe<RangeLog.State> probe = kit.createTestProbe();
      ActorRef<RangeLog.Command> log = kit.spawn(new RangeLog("a", 0));
      RangeLog.State state = append(log, probe, WARM_UP_ROWS);
      long[] micros = new long[MEASURED_ROWS];
      for (int i = 0; i < micros.length; i++) {
        RangeEvent row = row(state, i);
        long begin = System.nanoTime();
        log.tell(new RangeLog.Append(row, probe.getRef()));
        state = probe.receiveMessage(PATIENCE);
        micros[i] = (System.nanoTime() - begin) / 1_000;
      }
      report(micros);
      Arrays.sort(micros);
      assertTrue(micros[micros.length / 2] < 10_000, "median above 10 ms");
    } finally {
      kit.shutdownTestKit();
    }
  }

  private static void report(long[] micros) throws Exception {
    long[] sorted = micros.clone();
    Arrays.sort(sorted);
    String json =
        String.format(
            Locale.ROOT,
            "{\"rows\": %d, \"p50_ms\": %.3f, \"p99_ms\": %.3f, \"max_ms\": %.3f}%n",
            sorted.length,
            sorted[sorted.length / 2] / 1e3,
            sorted[sorted.length * 99 / 100] / 1e3,
            sorted[sorted.length - 1] / 1e3);
    Files.writeString(Path.of("target", "journal-latency.json"), json);
  }

  private static RangeLog.State append(
      ActorRef<RangeLog.Command> log, TestProbe<RangeLog.State> probe, int rows) {
    log.tell(new RangeLog.Read(probe.getRef()));
    RangeLog.State state = probe.receiveMessage(PATIENCE);
    for (int i = 0; i < rows; i++) {
      log.tell(new RangeLog.Append(row(state, i), probe.getRef()));
      state = probe.receiveMessage(PATIENCE);
    }
    return state;
  }

  /** The first row takes the range over; each later one binds an address. */
  private static RangeEvent row(RangeLog.State state, int i) {
    if (state.epoch() == 0) {
      return Chain.activated(RANGE, 1, new ControllerId("c1"), 0, 1_700_000_000_000L, state.hash());
    }
    FeId fe = new FeId("fe" + i % 3);
    IpAddress address = IpAddress.ofV4(0x0a0a0000 + i % 8);
    Binding binding = new Binding(address, fe, new MacAddress(0x02_00_00_00_00_01L), 1 + i);
    Entry entry = new Entry.Bound(binding, Evidence.GRATUITOUS_ARP, fe, i, null);
    return Chain.committed(
        1, state.revision() + 1, 1_700_000_000_000L, List.of(entry), state.hash());
  }

  private static void createSchema(CassandraSettings settings) throws Exception {
    try (CqlSession session = SharedNode.session(settings)) {
      Schema.create(session, settings);
    }
  }

  private static Config config(CassandraSettings settings) {
    return ConfigFactory.parseString(
            "akka.coordinated-shutdown.exit-jvm = off\nakka.actor.allow-java-serialization = off")
        .withFallback(settings.toConfig())
        .withFallback(ConfigFactory.load());
  }
}
