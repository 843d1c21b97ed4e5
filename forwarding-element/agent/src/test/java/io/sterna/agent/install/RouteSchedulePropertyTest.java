package io.sterna.agent.install;

import static io.sterna.agent.install.RouteScheduleTest.address;
import static io.sterna.agent.install.RouteScheduleTest.at;
import static io.sterna.agent.install.RouteScheduleTest.put;
import static io.sterna.agent.install.RouteScheduleTest.route;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.agent.forwarding.InMemoryForwardingTable;
import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangePosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever fails on the way, the table ends as desired and no position is reported too early. */
class RouteSchedulePropertyTest {
  private static final int ADDRESSES = 12;
  private static final long STEP_NANOS = 20_000_000;

  @Property(tries = 300)
  void endsAsDesired(@ForAll long seed) throws IOException {
    new Run(new Random(seed)).run();
  }

  private static final class Run {
    final Random random;
    final InMemoryForwardingTable table = new InMemoryForwardingTable();
    final RouteSchedule schedule =
        new RouteSchedule(new WriterSettings(5, 2, Duration.ofMillis(50), Duration.ofMillis(200)));

    /** The tunnel's number is the revision that said it, so a route tells how old it is. */
    final Map<IpAddress, Integer> desired = new HashMap<>();

    final List<Map<IpAddress, Integer>> desiredAt = new ArrayList<>(List.of(Map.of()));
    long reported;
    long now;

    Run(Random random) {
      this.random = random;
      for (int number = 0; number < ADDRESSES; number += 3) {
        table.with(route(number, 0));
      }
    }

    void run() throws IOException {
      int readAt = random.nextInt(30);
      for (int step = 0; step < 100; step++) {
        if (step == readAt) {
          schedule.found(table.dump());
        }
        step(step >= readAt);
      }
      for (int number = 0; number < ADDRESSES; number++) {
        table.refuse(address(number), false);
      }
      schedule.sweep(Set.of());
      for (int i = 0; i < 100 && schedule.pendingCount() > 0; i++) {
        write(false);
      }
      Map<IpAddress, NextHop> expected = new HashMap<>();
      desired.forEach(
          (a, revision) -> expected.put(a, new NextHop.Tunnel(IpAddress.ofV4(revision))));
      assertEquals(expected, table.routes());
      assertEquals(desiredAt.size() - 1, reported);
    }

    void step(boolean mayWrite) throws IOException {
      switch (random.nextInt(5)) {
        case 0, 1 -> submit();
        case 2 -> table.refuse(address(random.nextInt(ADDRESSES)), random.nextInt(3) == 0);
        case 3 -> table.failNextWrites(random.nextInt(2));
        default -> now += random.nextInt(3) * STEP_NANOS;
      }
      if (mayWrite) {
        write(random.nextInt(3) == 0);
      }
    }

    void submit() {
      int revision = desiredAt.size();
      List<RouteChange> changes = new ArrayList<>();
      for (int number = 0; number < ADDRESSES; number++) {
        if (random.nextInt(4) == 0) {
          changes.add(put(number, revision));
          desired.put(address(number), revision);
        }
      }
      desiredAt.add(Map.copyOf(desired));
      schedule.submit(at(revision), changes, random.nextBoolean() ? Lane.URGENT : Lane.BULK);
    }

    void write(boolean submitMeanwhile) throws IOException {
      now += STEP_NANOS;
      List<RouteChange> batch = schedule.next(now);
      if (submitMeanwhile) {
        submit();
      }
      if (!batch.isEmpty()) {
        try {
          schedule.written(table.apply(batch), now);
        } catch (IOException e) {
          schedule.unreachable(now);
        }
      }
      schedule.drainInstalled().forEach(this::check);
    }

    void check(RangePosition position) {
      assertTrue(position.revision() > reported);
      reported = position.revision();
      Map<IpAddress, NextHop> routes = table.routes();
      desiredAt
          .get((int) reported)
          .forEach(
              (address, revision) -> {
                NextHop nextHop = Objects.requireNonNull(routes.get(address));
                int installed = ((NextHop.Tunnel) nextHop).endpoint().v4Bits();
                assertTrue(installed >= revision, address + " is still at " + installed);
              });
    }
  }
}
