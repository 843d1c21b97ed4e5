package io.sterna.bench;

import io.sterna.lab.LabException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A figure that can be asked for.
 *
 * @param name as {@code --only} takes it
 * @param about one line for people
 * @param unit of value and bar
 * @param bar what the value must reach
 * @param source measures it
 */
public record Target(String name, String about, String unit, Optional<Bar> bar, Source source) {
  /** Measures one figure, or takes it from an experiment that has been made already. */
  @FunctionalInterface
  interface Source {
    Reading read(Bench bench) throws LabException;
  }

  /** What its source says. */
  Reading read(Bench bench) throws LabException {
    return source.read(bench);
  }

  /** Measures it. What goes wrong becomes a figure without a value. */
  public Figure measure(Bench bench) {
    try {
      Reading reading = source.read(bench);
      if (Double.isFinite(reading.value())) {
        return new Figure(
            name,
            OptionalDouble.of(reading.value()),
            unit,
            bar,
            reading.conditions(),
            Optional.empty());
      }
      return failed(bench, "it came out as " + reading.value());
    } catch (LabException e) {
      return failed(bench, e.getMessage());
    } catch (RuntimeException e) {
      return failed(bench, e.toString());
    }
  }

  private Figure failed(Bench bench, String reason) {
    Map<String, Object> conditions = bench.conditions();
    return new Figure(name, OptionalDouble.empty(), unit, bar, conditions, Optional.of(reason));
  }
}
