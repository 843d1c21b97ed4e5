package io.sterna.controller.relocation.online;

import io.sterna.controller.relocation.Algorithm;
import io.sterna.controller.relocation.Planner;
import io.sterna.controller.relocation.generate.FollowTheSun;
import io.sterna.controller.relocation.model.Costs;
import io.sterna.controller.relocation.model.Objective;
import io.sterna.controller.relocation.model.Plan;
import io.sterna.controller.relocation.model.Scenario;
import io.sterna.controller.relocation.model.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A day of which the servers follow the sun, beside one on which they stay where they were at its
 * begin, and one on which they are always where it would be best, whatever moving costs. Six hours
 * go before it, in which VMs that were spread evenly find their places.
 *
 * @param hours of the day
 * @param moves that were made on it
 * @param most the most moves of one VM
 */
public record SunnyDay(List<Hour> hours, int moves, int most) {
  private static final Instant MIDNIGHT = Instant.EPOCH;
  private static final Duration LOOK = Duration.ofMinutes(5);
  private static final int BEFORE_HOURS = 6;
  private static final int DAY_HOURS = 24;

  /** A second of copying weighs as much as two microseconds of mean RTT. */
  private static final Objective OBJECTIVE = new Objective(0, 1, 0, 0, 0, 0.002);

  /**
   * Mean RTTs of the traffic at one time.
   *
   * @param hour UTC, from 6 to 30
   * @param followed of those who follow
   * @param stayed of those who stay
   * @param best of those who are where it would be best
   * @param moves of those who follow, until then
   */
  public record Hour(double hour, double followed, double stayed, double best, int moves) {}

  /** Copies the hours. */
  public SunnyDay {
    hours = List.copyOf(hours);
  }

  /** Lets a day pass. */
  public static SunnyDay of(FollowTheSun sun) {
    RelocationSettings settings =
        RelocationSettings.usual(Algorithm.STERNA, OBJECTIVE, Math.max(1, sun.vms() / 2));
    Rehearsal rehearsal =
        new Rehearsal(new Relocation(settings), now -> sun.at(hour(now)), MIDNIGHT, LOOK);
    rehearsal.run(Duration.ofHours(BEFORE_HOURS));
    int[] stayed = rehearsal.sites(sun.at(BEFORE_HOURS));
    int before = rehearsal.moved().size();
    Planner planner = Planner.standard().with(new Objective(0, 1, 0, 0, 0, 0));
    List<Hour> hours = new ArrayList<>();
    int looksPerHour = (int) (Duration.ofHours(1).toMillis() / LOOK.toMillis());
    rehearsal.run(Duration.ofHours(DAY_HOURS));
    List<Rehearsal.Sample> samples = rehearsal.samples();
    for (int i = BEFORE_HOURS * looksPerHour - 1; i < samples.size(); i += looksPerHour) {
      Rehearsal.Sample sample = samples.get(i);
      Scenario scenario = sun.at(hour(sample.at()));
      hours.add(
          new Hour(
              hour(sample.at()),
              sample.costs().rttMs(),
              Costs.of(scenario, stayed).rttMs(),
              best(planner, scenario),
              sample.moves() - before));
    }
    List<Rehearsal.Moved> moved = rehearsal.moved().subList(before, rehearsal.moved().size());
    int most =
        moved.stream()
            .mapToInt(
                each ->
                    (int)
                        moved.stream().filter(o -> o.move().vm().equals(each.move().vm())).count())
            .max()
            .orElse(0);
    return new SunnyDay(hours, moved.size(), most);
  }

  private static double best(Planner planner, Scenario scenario) {
    Plan plan = planner.plan(scenario);
    int[] site = IntStream.range(0, scenario.endpoints().size()).map(scenario::site).toArray();
    for (Step step : plan.steps()) {
      site[step.endpoint()] = step.to();
    }
    return Costs.of(scenario, site).rttMs();
  }

  private static double hour(Instant now) {
    return Duration.between(MIDNIGHT, now).toMillis() / 3.6e6;
  }

  /** Mean of the day, of those who follow. */
  public double followedMs() {
    return hours.stream().mapToDouble(Hour::followed).average().orElseThrow();
  }

  /** Mean of the day, of those who stay. */
  public double stayedMs() {
    return hours.stream().mapToDouble(Hour::stayed).average().orElseThrow();
  }

  /** Mean of the day, of those who are always where it would be best. */
  public double bestMs() {
    return hours.stream().mapToDouble(Hour::best).average().orElseThrow();
  }
}
