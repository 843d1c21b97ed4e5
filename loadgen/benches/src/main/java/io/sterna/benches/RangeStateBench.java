package io.sterna.benches;

import io.sterna.controller.range.Batch;
import io.sterna.controller.range.ClaimRequest;
import io.sterna.controller.range.RangeState;
import io.sterna.protocol.Binding;
import io.sterna.protocol.ChainHash;
import io.sterna.store.event.RangeSnapshot;
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

/** A range decides claims and takes over the row that they become. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Batches.SIZE)
public class RangeStateBench {
  private RangeState state = new RangeState(Batches.RANGE);
  private List<ClaimRequest> claims = List.of();
  private long version = 1;

  /** Every address of the range is bound. */
  @Setup
  public void bindAll() {
    List<Binding> all =
        IntStream.range(0, Batches.ADDRESSES).mapToObj(n -> Batches.binding(n, version)).toList();
    state =
        RangeState.of(
            Batches.RANGE, new RangeSnapshot(1, Batches.ADDRESSES, ChainHash.GENESIS, all));
    claims = Batches.claims(version);
  }

  /** Decisions only: nothing changes. */
  @Benchmark
  public Batch decide() {
    return state.decide(claims);
  }

  /** Decisions, the row with its hash, and its effect; making the claims is part of it. */
  @Benchmark
  public RangeState decideSealApply() {
    Batch batch = state.decide(Batches.claims(version));
    state.apply(state.seal(batch, 1, version));
    version++;
    return state;
  }
}
