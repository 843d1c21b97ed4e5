package io.sterna.agent.install;

import static io.sterna.agent.install.RouteScheduleTest.address;
import static io.sterna.agent.install.RouteScheduleTest.at;
import static io.sterna.agent.install.RouteScheduleTest.put;
import static io.sterna.agent.install.RouteScheduleTest.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.InMemoryForwardingTable;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangePosition;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouteWriterTest {
  private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();
  private final InMemoryForwardingTable table = new InMemoryForwardingTable();
  private final long startNanos = System.nanoTime();
  private final RouteWriter.Listener listener =
      new RouteWriter.Listener() {
        @Override
        public void installed(List<RangePosition> positions) {
          told.addAll(positions);
        }

        @Override
        public void movedAway(IpAddress address) {
          told.add(address);
        }

        @Override
        public void died() {
          told.add("died");
        }
      };

  private RouteWriter writer =
      RouteWriter.start(
          table,
          listener,
          new WriterSettings(1000, 256, Duration.ofMillis(1), Duration.ofMillis(5)),
          () -> System.nanoTime() - startNanos);

  @AfterEach
  void close() {
    table.stick(false);
    writer.close();
  }

  @Test
  void writesAndTells() throws Exception {
    writer.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    expect(at(1));
    writer.submit(at(2), List.of(), Lane.URGENT);
    expect(at(2));
    assertEquals(List.of(at(2)), writer.backlog().installed());
  }

  @Test
  void survivesATableThatFails() throws Exception {
    writer.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    expect(at(1));
    table.failNextWrites(3);
    table.refuse(address(2), true);
    writer.submit(at(2), List.of(put(2, 1), put(3, 1)), Lane.URGENT);
    writer.submit(at(3), List.of(put(4, 1)), Lane.URGENT);
    awaitRefused(1);
    table.refuse(address(2), false);
    expect(at(3));
    assertEquals(4, table.routes().size());
  }

  @Test
  void saysThatItDiedOfWhatNobodyForesaw() throws Exception {
    table.broken();
    writer.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    expect("died");
  }

  @Test
  void anEarlierRunsRoutesStayUntilTheSweepAndAfterTheEnd() throws Exception {
    writer.close();
    table.with(route(1, 1)).with(route(2, 1));
    table.failNextDumps(2);
    writer =
        RouteWriter.start(
            table,
            listener,
            new WriterSettings(1000, 256, Duration.ofMillis(1), Duration.ofMillis(5)),
            () -> System.nanoTime() - startNanos);
    writer.submit(at(1), List.of(put(1, 1)), Lane.BULK);
    expect(at(1));
    assertTrue(writer.isLeftoverTunnel(address(2)));
    assertEquals(Set.of(address(1), address(2)), table.routes().keySet());
    writer.sweep(Set.of());
    writer.submit(at(2), List.of(put(3, 1)), Lane.BULK);
    expect(at(2));
    writer.close();
    assertEquals(Set.of(address(1), address(3)), table.routes().keySet());
    assertEquals(2, table.writes().size(), "what stood already was not written");
  }

  @Test
  void submittingNeverWaitsForTheTable() throws Exception {
    table.stick(true);
    writer.submit(at(1), List.of(put(1, 1)), Lane.URGENT);
    for (int revision = 2; revision < 1000; revision++) {
      writer.submit(at(revision), List.of(put(2, revision)), Lane.URGENT);
    }
    assertTrue(writer.backlog().pending() <= 3, "two being written, one waits");
    table.stick(false);
    Object last = told.poll(20, TimeUnit.SECONDS);
    while (!at(999).equals(last)) {
      last = told.poll(20, TimeUnit.SECONDS);
    }
    assertTrue(table.writes().size() <= 3, "overtaken changes are not written");
  }

  private void expect(Object expected) throws InterruptedException {
    assertEquals(expected, told.poll(20, TimeUnit.SECONDS));
  }

  private void awaitRefused(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (writer.backlog().refused() != count) {
      assertTrue(System.nanoTime() < deadline, "nothing was refused");
      TimeUnit.MICROSECONDS.sleep(100);
    }
  }
}
