package io.sterna.benches;

import io.sterna.agent.table.DesiredTable;
import io.sterna.agent.table.Heard;
import io.sterna.agent.table.SessionId;
import io.sterna.protocol.ChainHash;
import io.sterna.protocol.FeId;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage.Delta;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** An element's desired table hears deltas. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Batches.SIZE)
public class DesiredTableBench {
  private static final SessionId SESSION = new SessionId(1);

  private final DesiredTable table = new DesiredTable(new FeId("fe1"));
  private long version;

  /** The range is known. */
  @Setup
  public void welcome() {
    table.welcome(List.of(Batches.RANGE), Batches.endpoints());
  }

  /** One delta that continues the range; making it is part of it. */
  @Benchmark
  public Heard hear() {
    long from = version * Batches.SIZE;
    version++;
    RangePosition to =
        new RangePosition(Batches.RANGE, 1, version * Batches.SIZE, ChainHash.GENESIS);
    Delta delta = new Delta(from, ChainHash.GENESIS, to, Batches.bindings(version));
    Heard heard = table.hear(SESSION, delta);
    if (!(heard instanceof Heard.Applied)) {
      throw new IllegalStateException("not applied: " + heard);
    }
    return heard;
  }
}
