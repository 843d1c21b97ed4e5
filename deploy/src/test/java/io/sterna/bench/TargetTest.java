package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sterna.lab.Progress;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetTest {
  private final Bench bench =
      new Bench(
          new BenchSettings(
              Path.of("."),
              "test",
              Duration.ZERO,
              Duration.ZERO,
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              1,
              Optional.empty()),
          new Progress(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)));

  private record Broken() implements Experiment<Reading> {
    @Override
    public Reading run(Bench bench) {
      throw new IllegalStateException("no such state");
    }
  }

  @Test
  void whatBreaksIsAFigureThatSaysSoAndTheNextIsMeasured() {
    Figure figure = target(b -> b.once(new Broken())).measure(bench);
    assertFalse(figure.holds());
    assertEquals(Optional.of("java.lang.IllegalStateException: no such state"), figure.failure());
    Figure own =
        target(
                b -> {
                  throw new IllegalArgumentException("its own");
                })
            .measure(bench);
    assertEquals(Optional.of("java.lang.IllegalArgumentException: its own"), own.failure());
  }

  private static Target target(Target.Source source) {
    return new Target("x", "x", "x", Optional.empty(), source);
  }
}
