package io.sterna.bench;

import io.sterna.loadgen.scenario.Mobility;
import io.sterna.loadgen.scenario.Scenario;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A load that emulated elements make. Pure.
 *
 * @param fes emulated elements
 * @param vms virtual machines, all bound before the load begins
 * @param mobility who moves where
 * @param rate changes per second, or {@code max}
 * @param inFlight claims that are not answered, of all elements together
 * @param warmUpRate changes per second before measuring, so that Java has compiled what matters
 * @param warmUp how long
 * @param settle how long the load then runs at its own rate before it is measured
 * @param duration how long it measures
 * @param stall when the last element reads nothing; empty = it reads always
 * @param followers real elements that it waits for; empty = none
 * @param applied how long each element collects positions before it reports them
 */
record LoadPlan(
    int fes,
    int vms,
    Mobility mobility,
    String rate,
    int inFlight,
    String warmUpRate,
    Duration warmUp,
    Duration settle,
    Duration duration,
    Optional<Stall> stall,
    Optional<Scenario.Followers> followers,
    Duration applied) {
  /** As fast as windows allow. */
  static final String MAX = "max";

  /** As the load generator does by itself. */
  static final Duration APPLIED = Duration.ofMillis(25);

  private static final long SEED = 1;
  private static final Duration DURATION_MIN = Duration.ofMillis(100);

  /**
   * Some of the measured time.
   *
   * @param after from its beginning
   * @param lasts for how long
   */
  record Stall(Duration after, Duration lasts) {}

  /** Binds every VM and ends. */
  static LoadPlan bindOnly(int fes, int vms, int inFlight) {
    return new LoadPlan(
        fes,
        vms,
        Mobility.UNIFORM,
        MAX,
        inFlight,
        MAX,
        Duration.ZERO,
        Duration.ZERO,
        DURATION_MIN,
        Optional.empty(),
        Optional.empty(),
        APPLIED);
  }

  /** Any VM moves anywhere, for as long as asked; warmed up at full rate. */
  static LoadPlan ofSettings(
      BenchSettings settings, int fes, int inFlight, String rate, Duration settle) {
    return new LoadPlan(
        fes,
        settings.vms(),
        Mobility.UNIFORM,
        rate,
        inFlight,
        MAX,
        settings.warmUp(),
        settle,
        settings.duration(),
        Optional.empty(),
        Optional.empty(),
        APPLIED);
  }

  /** The same, with no less of a warm-up than this. */
  LoadPlan warmedUpFor(Duration least) {
    return new LoadPlan(
        fes,
        vms,
        mobility,
        rate,
        inFlight,
        warmUpRate,
        warmUp.compareTo(least) < 0 ? least : warmUp,
        settle,
        duration,
        stall,
        followers,
        applied);
  }

  /** Claims of one element that are not answered. */
  int window() {
    return Math.max(1, inFlight / fes);
  }

  /**
   * The scenario as {@code sterna load} reads it.
   *
   * @param controller where the elements connect
   * @param prefix the VMs are spread over
   */
  String scenario(String controller, String prefix) {
    return """
        controllers: ["%s"]
        tls: { authority: ca.pem, certificate-folder: fes }
        fes: %d
        vms: %d
        prefix: %s
        arrival-rate-per-second: %s
        mobility: %s
        warm-up: %dms
        warm-up-rate-per-second: %s
        settle: %dms
        duration: %dms
        seed: %d
        claims-in-flight-max: %d
        applied-interval: %dms
        """
            .formatted(
                controller,
                fes,
                vms,
                prefix,
                rate,
                mobility,
                warmUp.toMillis(),
                warmUpRate,
                settle.toMillis(),
                duration.toMillis(),
                SEED,
                window(),
                applied.toMillis())
        + stall.map(LoadPlan::text).orElse("")
        + followers.map(LoadPlan::text).orElse("");
  }

  private static String text(Stall stall) {
    return "stall: { after: %dms, lasts: %dms }%n"
        .formatted(stall.after().toMillis(), stall.lasts().toMillis());
  }

  private static String text(Scenario.Followers followers) {
    return "followers: { fes: %s, behind-max: %d }%n"
        .formatted(followers.fes(), followers.behindMax());
  }

  /** What a figure measured under it should say. */
  Map<String, Object> conditions() {
    Map<String, Object> conditions = new LinkedHashMap<>();
    conditions.put("fes", fes);
    conditions.put("vms", vms);
    conditions.put("mobility", mobility.toString());
    conditions.put("rate", rate);
    conditions.put("claims_in_flight_per_fe", window());
    conditions.put("warm_up_rate", warmUpRate);
    conditions.put("warm_up_seconds", warmUp.toSeconds());
    conditions.put("settle_seconds", settle.toSeconds());
    conditions.put("applied_interval_ms", applied.toMillis());
    stall.ifPresent(each -> conditions.put("stall_seconds", each.lasts().toSeconds()));
    followers.ifPresent(each -> conditions.put("changes_on_their_way", each.behindMax()));
    return conditions;
  }
}
