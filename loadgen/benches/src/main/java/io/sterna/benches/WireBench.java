package io.sterna.benches;

import io.sterna.protocol.ChainHash;
import io.sterna.protocol.RangePosition;
import io.sterna.protocol.SouthboundMessage;
import io.sterna.protocol.SouthboundMessage.Delta;
import io.sterna.protocol.wire.MalformedFrameException;
import io.sterna.protocol.wire.WireCodec;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A delta as elements hear it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Batches.SIZE)
public class WireBench {
  private final Delta delta =
      new Delta(
          0,
          ChainHash.GENESIS,
          new RangePosition(Batches.RANGE, 1, Batches.SIZE, ChainHash.GENESIS),
          Batches.bindings(1));
  private final byte[] frame = WireCodec.encodeFrame(delta);

  /** To a frame: once for all elements. */
  @Benchmark
  public byte[] encodeDelta() {
    return WireCodec.encodeFrame(delta);
  }

  /** And back: at each element. */
  @Benchmark
  public SouthboundMessage decodeDelta() throws MalformedFrameException {
    int body = frame.length - WireCodec.LENGTH_BYTES;
    return WireCodec.decodeBody(frame, WireCodec.LENGTH_BYTES, body);
  }
}
