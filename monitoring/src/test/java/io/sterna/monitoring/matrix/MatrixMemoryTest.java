package io.sterna.monitoring.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SiteId;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Three million pairs in what is promised for a hundred thousand. */
class MatrixMemoryTest {
  private static final int INTERVALS = 300;

  /** So that there are several slices, at whose ends pairs change places. */
  private static final int INTERVAL_MS = 500;

  private static final double BYTES_PER_SEC = 20e9;
  private static final int ENTRIES = 10_000;
  private static final int PART = 2_000;
  private static final long LIMIT_BYTES = 100_000_000;

  private static final Placement PLACEMENT = fe -> Optional.of(new SiteId("site1"));

  @Test
  void memoryDoesNotGrowWithTheNumberOfPairs() {
    Random chance = new Random(20_260_804);
    MatrixSettings settings = MatrixSettings.DEFAULT;
    long before = used();
    TrafficMatrix matrix = new TrafficMatrix(settings);
    for (int interval = 0; interval < INTERVALS; interval++) {
      List<TrafficEntry> entries = new ArrayList<>(ENTRIES);
      for (int i = 0; i < ENTRIES; i++) {
        entries.add(new TrafficEntry(vm(chance), vm(chance), Optional.empty(), 1_000_000, 1_000));
      }
      for (int part = 0; part < ENTRIES / PART; part++) {
        List<TrafficEntry> share = entries.subList(part * PART, (part + 1) * PART);
        TrafficReport report = new TrafficReport(1, interval, part, false, INTERVAL_MS, share);
        long now = (interval + 1L) * INTERVAL_MS;
        assertTrue(matrix.offer(new FeId("fe1"), report, PLACEMENT, now));
      }
    }
    long grown = used() - before;
    assertTrue(
        matrix.pairsRemembered() <= settings.exactPairsMax() + settings.tailItemsMax(),
        matrix.pairsRemembered() + " pairs");
    assertTrue(grown < LIMIT_BYTES, "the matrix takes " + grown + " bytes");
    long end = (long) INTERVALS * INTERVAL_MS;
    assertEquals(BYTES_PER_SEC, matrix.total(end).bytesPerSec(), 1e-6 * BYTES_PER_SEC);
    double ofPairs =
        matrix.pairs(end).stream().mapToDouble(each -> each.rate().bytesPerSec()).sum();
    assertTrue(ofPairs > 0);
    assertEquals(BYTES_PER_SEC, ofPairs + matrix.tail(end).bytesPerSec(), 1e-6 * BYTES_PER_SEC);
  }

  private static IpPrefix vm(Random chance) {
    return new IpPrefix(IpAddress.ofV4(0x0a00_0000 | chance.nextInt(1 << 24)), 32);
  }

  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
