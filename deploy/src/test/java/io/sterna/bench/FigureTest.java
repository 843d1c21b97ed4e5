package io.sterna.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** A figure beside its bar, and the line it becomes. */
class FigureTest {
  @Test
  void aBarHoldsAtItsLimit() {
    assertTrue(Bar.atLeast(60_000).holds(60_000));
    assertTrue(Bar.atLeast(60_000).holds(60_001));
    assertFalse(Bar.atLeast(60_000).holds(59_999.9));
    assertTrue(Bar.atMost(2.5).holds(2.5));
    assertTrue(Bar.atMost(2.5).holds(0));
    assertFalse(Bar.atMost(2.5).holds(2.501));
  }

  @Test
  void whatIsNoNumberReachesNoBar() {
    assertFalse(Bar.atLeast(1).holds(Double.NaN));
    assertFalse(Bar.atMost(1).holds(Double.NaN));
  }

  @Test
  void aBarSaysItsLimitInFull() {
    assertEquals(">= 60000", Bar.atLeast(60_000).toString());
    assertEquals(">= 0.8", Bar.atLeast(0.8).toString());
    assertEquals("<= 2.5", Bar.atMost(2.5).toString());
  }

  @Test
  void aMeasuredFigureIsOneLineWithoutFailure() {
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put("fes", 8);
    conditions.put("rate", "max");
    Figure figure =
        new Figure(
            "changes",
            OptionalDouble.of(61_234.56),
            "changes/s",
            Optional.of(Bar.atLeast(60_000)),
            conditions,
            Optional.empty());
    assertEquals(
        "{\"name\":\"changes\",\"value\":61235.0,\"unit\":\"changes/s\",\"bar\":\">= 60000\","
            + "\"holds\":true,\"conditions\":{\"fes\":8,\"rate\":\"max\"}}",
        figure.toJson().toString());
  }

  @Test
  void aFailedFigureIsALineThatSaysWhy() {
    Figure figure =
        new Figure(
            "changes",
            OptionalDouble.empty(),
            "changes/s",
            Optional.of(Bar.atLeast(1)),
            Map.of(),
            Optional.of("Cassandra has ended"));
    assertFalse(figure.holds());
    assertEquals(
        "{\"name\":\"changes\",\"value\":null,\"unit\":\"changes/s\",\"bar\":\">= 1\","
            + "\"holds\":false,\"conditions\":{},\"failure\":\"Cassandra has ended\"}",
        figure.toJson().toString());
  }

  @Test
  void withoutABarAFigureHoldsIfItWasMeasured() {
    assertTrue(figure(OptionalDouble.of(5), Optional.empty()).holds());
    assertFalse(figure(OptionalDouble.empty(), Optional.of("no")).holds());
    assertTrue(figure(OptionalDouble.of(5), Optional.empty()).toJson().path("bar").isNull());
  }

  @Test
  void thereIsEitherAValueOrAFailure() {
    Optional<String> failure = Optional.of("no");
    assertThrows(
        IllegalArgumentException.class, () -> figure(OptionalDouble.empty(), Optional.empty()));
    assertThrows(IllegalArgumentException.class, () -> figure(OptionalDouble.of(1), failure));
    assertThrows(
        IllegalArgumentException.class,
        () -> figure(OptionalDouble.of(Double.NaN), Optional.empty()));
  }

  @Test
  void fourDigitsCount() {
    assertEquals(0.001235, Figure.rounded(0.00123456));
    assertEquals(12.35, Figure.rounded(12.3456));
    assertEquals(123_457, Figure.rounded(123_456.7));
    assertEquals(-12.35, Figure.rounded(-12.3456));
    assertEquals(0, Figure.rounded(0));
  }

  @Test
  void everyTargetHasANameOfItsOwn() {
    List<String> names = Suite.all().stream().map(Target::name).toList();
    assertEquals(names.size(), new HashSet<>(names).size(), names::toString);
  }

  @Test
  void aNameMeansOneFigureAndTheBeginningOfNamesAllOfThem() {
    assertEquals(1, Suite.named(Suite.all(), "changes-8-fes").size());
    assertEquals(4, Suite.named(Suite.all(), "latency").size());
    assertTrue(Suite.named(Suite.all(), "jmh").size() > 1);
    assertEquals(List.of(), Suite.named(Suite.all(), "lat"));
  }

  private static Figure figure(OptionalDouble value, Optional<String> failure) {
    return new Figure("f", value, "u", Optional.empty(), Map.of(), failure);
  }
}
