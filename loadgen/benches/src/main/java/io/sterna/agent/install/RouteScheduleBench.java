package io.sterna.agent.install;

import io.sterna.agent.forwarding.NextHop;
import io.sterna.agent.forwarding.Outcome;
import io.sterna.agent.forwarding.Route;
import io.sterna.agent.forwarding.RouteChange;
import io.sterna.benches.Batches;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.RangePosition;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What is written next to the kernel: here because the schedule is its package's own. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Batches.SIZE)
public class RouteScheduleBench {
  private final RouteSchedule schedule =
      new RouteSchedule(
          new WriterSettings(1_000, 256, Duration.ofMillis(100), Duration.ofSeconds(30)));
  private final List<RouteChange> odd = puts("172.16.1.1");
  private final List<RouteChange> even = puts("172.16.2.1");
  private long revision;

  private static List<RouteChange> puts(String endpoint) {
    NextHop tunnel = new NextHop.Tunnel(IpAddress.parse(endpoint));
    return IntStream.range(0, Batches.SIZE)
        .<RouteChange>mapToObj(
            number -> new RouteChange.Put(new Route(Batches.address(number), tunnel)))
        .toList();
  }

  /** Nothing stood at the start. */
  @Setup
  public void start() {
    schedule.found(List.of());
  }

  /** A delta's routes wait in the bulk lane, are written, and its position is installed. */
  @Benchmark
  public List<RangePosition> submitAndWrite() {
    revision += Batches.SIZE;
    List<RouteChange> changes = (revision / Batches.SIZE) % 2 == 0 ? even : odd;
    RangePosition to = new RangePosition(Batches.RANGE, 1, revision, ChainHash.GENESIS);
    schedule.submit(to, changes, Lane.BULK);
    while (!schedule.next(0).isEmpty()) {
      schedule.written(Outcome.COMPLETE, 0);
    }
    return schedule.drainInstalled();
  }
}
