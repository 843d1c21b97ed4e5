package io.sterna.controller;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sterna.controller.execution.ExecutionSettings;
import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.online.RelocationSettings;
import java.time.Duration;
import java.util.Arrays;

/** Reads what {@code reference.conf} documents under {@code sterna.controller.relocation}. */
final class RelocationReader {
  private static final long MIB = 1 << 20;
  private static final int PERCENT_MAX = 99;

  private RelocationReader() {}

  /**
   * @throws ConfigException with origin, key and reason
   */
  static ExecutionSettings read(Config config) {
    Duration schedule = ControllerSettings.positive(config, "schedule");
    Duration confirm = notNegative(config, "hysteresis.confirm");
    if (confirm.compareTo(schedule) >= 0) {
      throw ControllerSettings.bad(
          config,
          "hysteresis.confirm",
          "must be shorter than schedule, " + schedule.toSeconds() + " s");
    }
    Duration dwell = notNegative(config, "hysteresis.dwell");
    Duration returnAfter = notNegative(config, "hysteresis.return-after");
    if (returnAfter.compareTo(dwell) < 0) {
      throw ControllerSettings.bad(
          config, "hysteresis.return-after", "is shorter than dwell, " + dwell.toSeconds() + " s");
    }
    RelocationSettings planning =
        new RelocationSettings(
            ControllerSettings.parsed(config, "algorithm", RelocationReader::algorithm),
            objective(config.getConfig("weights")),
            config.getLong("seed"),
            schedule,
            percent(config, "overload-percent") / 100.0,
            ControllerSettings.positive(config, "overload-pause"),
            automaticMovesMax(config),
            ControllerSettings.positive(config, "approval.expires-after"),
            percent(config, "hysteresis.plan-gain-percent") / 100.0,
            weight(config, "hysteresis.step-gain"),
            confirm,
            dwell,
            returnAfter,
            ControllerSettings.atLeastOne(config, "budget.moves-per-hour"),
            mebibytes(config, "budget.bytes-per-hour"),
            notNegative(config, "cool-down"));
    return new ExecutionSettings(
        config.getBoolean("enabled"),
        planning,
        ControllerSettings.positive(config, "look-every"),
        mebibytes(config, "vm-memory"),
        ControllerSettings.positive(config, "execution.ask-again"),
        ControllerSettings.positive(config, "execution.step-patience"));
  }

  private static Algorithm algorithm(String name) {
    return Arrays.stream(Algorithm.values())
        .filter(each -> each.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + name + "' is none of " + Arrays.toString(Algorithm.values())));
  }

  private static Objective objective(Config config) {
    Objective objective =
        new Objective(
            weight(config, "link-load"),
            weight(config, "rtt"),
            weight(config, "data-charges"),
            weight(config, "site-load"),
            weight(config, "site-price"),
            weight(config, "migration"));
    if (objective.equals(new Objective(0, 0, 0, 0, 0, objective.migration()))) {
      throw ControllerSettings.bad(config, "link-load", "all weights are 0: nothing can be gained");
    }
    return objective;
  }

  private static int automaticMovesMax(Config config) {
    String approval = config.getString("approval.mode");
    return switch (approval) {
      case "manual" -> 0;
      case "automatic" -> ControllerSettings.atLeastOne(config, "approval.automatic-moves-max");
      default ->
          throw ControllerSettings.bad(
              config, "approval.mode", "'" + approval + "' is neither manual nor automatic");
    };
  }

  private static double weight(Config config, String key) {
    double weight = config.getDouble(key);
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw ControllerSettings.bad(config, key, weight + " is not 0 or more");
    }
    return weight;
  }

  private static double percent(Config config, String key) {
    double percent = config.getDouble(key);
    if (!(percent >= 0 && percent <= PERCENT_MAX)) {
      throw ControllerSettings.bad(config, key, percent + " is not between 0 and " + PERCENT_MAX);
    }
    return percent;
  }

  private static long mebibytes(Config config, String key) {
    long bytes = config.getBytes(key);
    if (bytes < MIB) {
      throw ControllerSettings.bad(config, key, "must be at least 1 MiB");
    }
    return bytes / MIB;
  }

  private static Duration notNegative(Config config, String key) {
    Duration duration = config.getDuration(key);
    if (duration.isNegative()) {
      throw ControllerSettings.bad(config, key, "must not be negative");
    }
    return duration;
  }
}
