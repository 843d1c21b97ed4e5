package io.sterna.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One line of the result. Pure.
 *
 * @param name of the target
 * @param value what was measured; empty if it could not be
 * @param unit of value and bar
 * @param bar what the value must reach; empty if nothing is asked of it
 * @param conditions under which it was measured, by name: text, numbers, truth values, or those of
 *     what it is compared with
 * @param failure one line that says why there is no value; empty if there is one
 */
public record Figure(
    String name,
    OptionalDouble value,
    String unit,
    Optional<Bar> bar,
    Map<String, Object> conditions,
    Optional<String> failure) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final double SIGNIFICANT = 4;

  /**
   * @throws IllegalArgumentException unless there is either a finite value or a failure
   */
  public Figure {
    boolean measured = value.isPresent() && Double.isFinite(value.getAsDouble());
    if (measured == failure.isPresent()) {
      throw new IllegalArgumentException(name + " needs either a finite value or a failure");
    }
    conditions = Collections.unmodifiableMap(new LinkedHashMap<>(conditions));
  }

  /** Whether it reaches its bar; without a bar, whether it could be measured. */
  public boolean holds() {
    return value.isPresent() && bar.map(each -> each.holds(value.getAsDouble())).orElse(true);
  }

  /** One object: name, value, unit, bar, holds, conditions and, without a value, failure. */
  public ObjectNode toJson() {
    ObjectNode line = MAPPER.createObjectNode();
    line.put("name", name);
    value.ifPresentOrElse(each -> line.put("value", rounded(each)), () -> line.putNull("value"));
    line.put("unit", unit);
    bar.ifPresentOrElse(each -> line.put("bar", each.toString()), () -> line.putNull("bar"));
    line.put("holds", holds());
    line.set("conditions", MAPPER.valueToTree(conditions));
    failure.ifPresent(reason -> line.put("failure", reason));
    return line;
  }

  /** Four significant digits: what lies behind them is chance. Whole numbers stay whole. */
  static double rounded(double value) {
    if (value == 0) {
      return 0;
    }
    double digits = Math.max(0, SIGNIFICANT - 1 - Math.floor(Math.log10(Math.abs(value))));
    double scale = Math.pow(10, digits);
    return Math.round(value * scale) / scale;
  }
}
