package io.sterna.benches;

import io.sterna.controller.range.RangeState;
import io.sterna.protocol.ChainHash;
import io.sterna.store.chain.Chain;
import io.sterna.store.codec.EventCodec;
import io.sterna.store.codec.MalformedRecordException;
import io.sterna.store.event.RangeCommitted;
import io.sterna.store.event.RangeEvent;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A journal row: its bytes and its hash. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Batches.SIZE)
public class JournalBench {
  private final RangeCommitted row = row();
  private final byte[] canonical = EventCodec.canonicalBytes(row);
  private final byte[] encoded = EventCodec.encode(row);

  private static RangeCommitted row() {
    RangeState state = new RangeState(Batches.RANGE);
    return state.seal(state.decide(Batches.claims(0)), 1, 1);
  }

  /** SHA-256 over the row before and the bytes of this one. */
  @Benchmark
  public ChainHash chainHash() {
    return Chain.next(row.previousHash(), canonical);
  }

  /** To bytes. */
  @Benchmark
  public byte[] encodeRow() {
    return EventCodec.encode(row);
  }

  /** And back. */
  @Benchmark
  public RangeEvent decodeRow() throws MalformedRecordException {
    return EventCodec.decodeRow(encoded);
  }
}
