package io.sterna.protocol.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.sterna.protocol.Binding;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BindingStepsTest {
  private static final long SEED = 7;

  /** Any bits, but often a little above those of before, or with some last bytes changed. */
  private final SplittableRandom random = new SplittableRandom(SEED);

  private IpAddress near = IpAddress.parse("10.64.0.1");
  private long nearMac = 0x02_00_00_00_00_01L;

  @Test
  void whateverIsWrittenIsRead() {
    for (int i = 0; i < 2_000; i++) {
      List<Binding> bindings = new ArrayList<>();
      int count = random.nextInt(20);
      for (int b = 0; b < count; b++) {
        bindings.add(next());
      }
      assertEquals(bindings, read(written(bindings)), "seed " + SEED + ", list " + i);
    }
  }

  @Test
  void aChangeTakesThreeBytesWhereMacsFollowAddresses() {
    List<Binding> bindings = new ArrayList<>();
    for (int host = random.nextInt(4); host < 1 << 12; host += 1 + random.nextInt(8)) {
      bindings.add(
          new Binding(
              IpAddress.ofV4(0x0a400000 | host),
              new FeId("fe" + random.nextInt(8)),
              new MacAddress(0x02_42_0a_40_00_00L | host),
              500 + random.nextInt(60)));
    }
    byte[] bytes = written(bindings);
    assertTrue(bytes.length < 3.2 * bindings.size(), bytes.length + " bytes");
    assertEquals(bindings, read(bytes));
  }

  private Binding next() {
    int kind = random.nextInt(10);
    if (kind >= 6) {
      int step = random.nextInt(1, 18);
      near =
          near.isV4()
              ? IpAddress.ofV4(near.v4Bits() + step)
              : new IpAddress(near.high(), near.low() + step);
      nearMac = (nearMac + (random.nextBoolean() ? step : 0)) & 0xffff_ffff_ffffL;
      return binding();
    }
    if (kind == 0) {
      near = IpAddress.ofV4(random.nextInt());
    } else if (kind == 1) {
      near = new IpAddress((1L << 60) | random.nextLong(), random.nextLong());
    } else {
      int shared = random.nextInt(1, 128);
      long high = shared < 64 ? random.nextLong() >>> shared : 0;
      long low = random.nextLong() >>> Math.max(0, shared - 64);
      near =
          near.isV4()
              ? IpAddress.ofV4(near.v4Bits() ^ (int) (random.nextLong() >>> (32 + shared / 4)))
              : new IpAddress(near.high() ^ (high >>> 4), near.low() ^ low);
    }
    nearMac = (nearMac ^ (random.nextLong() >>> (8 * random.nextInt(2, 8)))) & 0xffff_ffff_ffffL;
    if (random.nextInt(20) == 0) {
      nearMac = 0;
    }
    return binding();
  }

  private Binding binding() {
    return new Binding(
        near,
        new FeId("fe" + random.nextInt(4)),
        new MacAddress(nearMac),
        1 + (random.nextLong() >>> random.nextInt(2, 63)));
  }

  private static byte[] written(List<Binding> bindings) {
    Output out = new Output(64, -1);
    BindingSteps.write(out, bindings);
    return out.toBytes();
  }

  private static List<Binding> read(byte[] bytes) {
    Input in = new Input(bytes);
    List<Binding> read = BindingSteps.read(in);
    assertEquals(bytes.length, in.position());
    return read;
  }
}
