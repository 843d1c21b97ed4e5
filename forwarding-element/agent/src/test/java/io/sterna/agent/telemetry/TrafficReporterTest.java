package io.sterna.agent.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import io.sterna.agent.table.SessionId;
import io.sterna.agent.telemetry.TrafficReporter.Acknowledged;
import io.sterna.agent.telemetry.TrafficReporter.SessionEnded;
import io.sterna.agent.telemetry.TrafficReporter.SessionOpened;
import io.sterna.monitoring.kernel.PairCounterSettings;
import io.sterna.monitoring.report.AddressPair;
import io.sterna.monitoring.report.Count;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.SouthboundMessage.TrafficAcknowledged;
import io.sterna.protocol.SouthboundMessage.TrafficReport;
import io.sterna.protocol.TrafficEntry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reporter whose counters and controllers are played by the test. */
class TrafficReporterTest {
  private static final Duration INTERVAL = Duration.ofMillis(30);
  private static final Duration RESEND_AFTER = Duration.ofMillis(400);
  private static final SessionId S1 = new SessionId(1);
  private static final SessionId S2 = new SessionId(2);
  private static final FeId ELSEWHERE = new FeId("fe9");
  private static final Set<IpPrefix> MOBILE = Set.of(IpPrefix.parse("10.10.0.0/20"));
  private static final AddressPair PAIR =
      new AddressPair(IpPrefix.parse("10.10.1.1/32"), IpPrefix.parse("10.10.1.2/32"));

  private final ActorTestKit kit = ActorTestKit.create();
  private final TestProbe<TrafficReport> first = kit.createTestProbe();
  private final TestProbe<TrafficReport> second = kit.createTestProbe();
  private final PlayedSource source = new PlayedSource();
  private final ActorRef<TrafficReporter.Command> reporter =
      kit.spawn(
          TrafficReporter.create(
              new TelemetrySettings(
                  true,
                  INTERVAL,
                  "",
                  new PairCounterSettings("br0", Set.of(), Set.of(), 100),
                  10,
                  10,
                  1,
                  RESEND_AFTER,
                  Optional.empty()),
              source,
              endpoint -> Optional.of(ELSEWHERE),
              7));

  /** Counts one packet of 100 bytes each interval. */
  private static final class PlayedSource implements TrafficSource {
    final AtomicInteger rotations = new AtomicInteger();
    final AtomicInteger followed = new AtomicInteger();
    final AtomicReference<Runnable> portsChanged = new AtomicReference<>();
    final AtomicReference<Set<IpPrefix>> mobile = new AtomicReference<>(Set.of());
    final CountDownLatch closed = new CountDownLatch(1);
    final AtomicBoolean failsOnce = new AtomicBoolean();
    volatile boolean broken;

    @Override
    public void mobile(Set<IpPrefix> prefixes) {
      mobile.set(prefixes);
    }

    @Override
    public Counted rotate() throws IOException {
      if (broken) {
        throw new IOException("broken by the test");
      }
      if (failsOnce.compareAndSet(true, false)) {
        throw new IllegalStateException("a fault in the reader, made by the test");
      }
      rotations.incrementAndGet();
      return new Counted(Map.of(PAIR, new Count(100, 1)), INTERVAL);
    }

    @Override
    public void follow() {
      followed.incrementAndGet();
    }

    @Override
    public void listen(Runnable changed) {
      portsChanged.set(changed);
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void nothingIsReadBeforeAControllerSaidWhichAddressesAreVms() throws Exception {
    TimeUnit.MILLISECONDS.sleep(4 * INTERVAL.toMillis());
    assertEquals(0, source.rotations.get());
    open(S1, first);
    TrafficReport report = first.receiveMessage();
    assertEquals(MOBILE, source.mobile.get());
    assertEquals(
        new TrafficEntry(PAIR.source(), PAIR.destination(), Optional.of(ELSEWHERE), 100, 1),
        report.entries().get(0));
  }

  @Test
  void oneSessionIsUsedAndTheNextContinuesWhenItEnds() {
    open(S1, first);
    open(S2, second);
    TrafficReport unacknowledged = first.receiveMessage();
    second.expectNoMessage(Duration.ofMillis(100));
    reporter.tell(new SessionEnded(S1));
    assertEquals(unacknowledged, second.receiveMessage());
    acknowledge(unacknowledged);
    assertEquals(unacknowledged.interval() + 1, second.receiveMessage().interval());
    first.expectNoMessage(Duration.ofMillis(50));
  }

  @Test
  void aFaultLosesNeitherTheSessionsNorTheNumbers() {
    open(S1, first);
    TrafficReport before = first.receiveMessage();
    source.failsOnce.set(true);
    acknowledge(before);
    TrafficReport report = first.receiveMessage();
    while (source.failsOnce.get()) {
      acknowledge(report);
      report = first.receiveMessage();
    }
    acknowledge(report);
    assertEquals(report.interval() + 1, first.receiveMessage().interval());
    assertEquals(1, source.closed.getCount());
  }

  @Test
  void whatNobodyAcknowledgesIsSentAgainByAnotherSession() {
    open(S1, first);
    open(S2, second);
    TrafficReport report = first.receiveMessage();
    assertEquals(report, second.receiveMessage(Duration.ofSeconds(5)));
    assertEquals(report, first.receiveMessage(Duration.ofSeconds(5)), "and in turn");
    acknowledge(report);
    assertEquals(report.interval() + 1, first.receiveMessage().interval());
  }

  /** Whatever happens to sessions, what was counted once each is the sum of the source's. */
  @Test
  void nothingIsLostWhileNobodyListens() throws Exception {
    Map<Long, TrafficReport> received = new HashMap<>();
    open(S1, first);
    TrafficReport report = first.receiveMessage();
    received.put(report.interval(), report);
    reporter.tell(new SessionEnded(S1));
    TimeUnit.MILLISECONDS.sleep(10 * INTERVAL.toMillis());
    source.broken = true;
    TimeUnit.MILLISECONDS.sleep(4 * INTERVAL.toMillis());
    int counted = source.rotations.get();
    assertTrue(counted > 5, counted + " rotations");
    open(S2, second);
    assertEquals(report, second.receiveMessage());
    acknowledge(report);
    TrafficReport sum = second.receiveMessage();
    received.put(sum.interval(), sum);
    long packets =
        received.values().stream()
            .flatMap(each -> each.entries().stream())
            .mapToLong(TrafficEntry::packets)
            .sum();
    assertEquals(counted, packets);
    assertEquals((counted - 1) * INTERVAL.toMillis(), sum.durationMs());
  }

  @Test
  void portsAreFollowedAndTheSourceIsClosedAtTheEnd() throws Exception {
    TestProbe<Object> probe = kit.createTestProbe();
    probe.awaitAssert(
        () -> {
          assertTrue(source.portsChanged.get() != null);
          return true;
        });
    Objects.requireNonNull(source.portsChanged.get()).run();
    probe.awaitAssert(
        () -> {
          assertEquals(1, source.followed.get());
          return true;
        });
    kit.stop(reporter);
    assertTrue(source.closed.await(5, TimeUnit.SECONDS));
  }

  private void open(SessionId session, TestProbe<TrafficReport> probe) {
    reporter.tell(new SessionOpened(session, MOBILE, probe.ref()::tell));
  }

  private void acknowledge(TrafficReport report) {
    reporter.tell(
        new Acknowledged(
            new TrafficAcknowledged(report.incarnation(), report.interval(), report.part())));
  }
}
