package io.sterna.controller.relocation.online;

import io.sterna.protocol.FeId;
import io.sterna.protocol.Migration;
import io.sterna.protocol.MigrationPhase;
import io.sterna.protocol.SouthboundMessage.MigrationCommand;
import io.sterna.protocol.SouthboundMessage.MigrationReport;
import io.sterna.store.plan.StepEnd;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan, made by two elements. Whatever is asked is asked again until it is answered:
 * elements do it once. So a saga that is begun anew after a failover goes over what was done
 * already and continues.
 *
 * <table>
 *   <caption>Who is asked what, and what follows</caption>
 *   <tr><th>stage</th><th>asked</th><th>done</th><th>failed, or no answer in time</th></tr>
 *   <tr><td>PREPARE</td><td>the target</td><td>MOVE</td><td>UNDO</td></tr>
 *   <tr><td>MOVE</td><td>the source</td><td>COMPLETE</td><td>UNDO</td></tr>
 *   <tr><td>COMPLETE</td><td>the target</td><td>over: done</td><td>UNDO</td></tr>
 *   <tr><td>UNDO</td><td>the source: cancel</td><td>it runs there: CLEAR; not: CONFIRM</td>
 *       <td>over: nobody knows</td></tr>
 *   <tr><td>CLEAR</td><td>the target: cancel</td><td>over: failed, it runs on at the source</td>
 *       <td>the same</td></tr>
 *   <tr><td>CONFIRM</td><td>the target: complete</td><td>over: done after all</td>
 *       <td>failed: asked again. No better answer in time: over, nobody knows</td></tr>
 * </table>
 *
 * <p>The target is told to drop what it has only after the source said that the VM runs there:
 * never is the last copy dropped. That releases what an earlier migration left ready there, too:
 * one whose source did not answer UNDO.
 */
public final class MigrationSaga {
  private final Migration migration;
  private final Duration again;
  private final Duration patience;
  private Stage stage = Stage.PREPARE;
  private String endpoint = "";
  private String reason = "";
  private long stageSinceNanos;
  private long askedNanos;
  private boolean mustAsk = true;
  private String progress = "";
  private String denial = "";
  private @Nullable MigrationReport latest;
  private Optional<Outcome> outcome = Optional.empty();

  private enum Stage {
    PREPARE(MigrationPhase.PREPARE, false),
    MOVE(MigrationPhase.MOVE, true),
    COMPLETE(MigrationPhase.COMPLETE, false),
    UNDO(MigrationPhase.CANCEL, true),
    CLEAR(MigrationPhase.CANCEL, false),
    CONFIRM(MigrationPhase.COMPLETE, false);

    final MigrationPhase phase;
    final boolean ofSource;

    Stage(MigrationPhase phase, boolean ofSource) {
      this.phase = phase;
      this.ofSource = ofSource;
    }
  }

  /** What an element is to be told. */
  public record Order(FeId fe, MigrationCommand command) {}

  /**
   * How it ended.
   *
   * @param isPlaceKnown whether an element has said that the VM runs there, and the other did not
   * @param detail the same for people
   */
  public record Outcome(StepEnd end, boolean isPlaceKnown, String detail) {}

  /**
   * Nothing was asked yet.
   *
   * @param again how often an element is asked
   * @param patience how long each stage may take without a word of progress: other bytes, another
   *     state
   */
  public MigrationSaga(Migration migration, Duration again, Duration patience, long nowNanos) {
    this.migration = migration;
    this.again = again;
    this.patience = patience;
    stageSinceNanos = nowNanos;
  }

  /** What is made. */
  public Migration migration() {
    return migration;
  }

  /** How it ended, once it has. */
  public Optional<Outcome> outcome() {
    return outcome;
  }

  /** How far it is, for people. */
  public String progress() {
    return progress;
  }

  /** What is to be said now; to be called every so often. */
  public List<Order> due(long nowNanos) {
    if (outcome.isEmpty() && nowNanos - stageSinceNanos >= patience.toNanos()) {
      notInTime(nowNanos);
    }
    if (outcome.isPresent() || (!mustAsk && nowNanos - askedNanos < again.toNanos())) {
      return List.of();
    }
    mustAsk = false;
    askedNanos = nowNanos;
    return List.of(new Order(asked(), new MigrationCommand(migration, stage.phase, endpoint)));
  }

  private void notInTime(long nowNanos) {
    String what = latest == null ? "did not answer" : "made no progress";
    String why = "%s %s for %d s".formatted(asked(), what, patience.toSeconds());
    if (stage == Stage.CONFIRM) {
      end(
          false,
          "%s; it does not run at %s, and at %s: %s"
              .formatted(
                  reason, migration.from(), migration.to(), denial.isEmpty() ? why : denial));
    } else {
      failed(why, nowNanos);
    }
  }

  private FeId asked() {
    return stage.ofSource ? migration.from() : migration.to();
  }

  /** Somebody wants it not to be made. It may be too late. */
  public void cancel(String by, long nowNanos) {
    if (stage == Stage.PREPARE || stage == Stage.MOVE) {
      failed("cancelled by " + by, nowNanos);
    }
  }

  /** An element says how far it is. */
  public void reported(FeId fe, MigrationReport report, long nowNanos) {
    boolean isAwaited =
        outcome.isEmpty()
            && report.operation().equals(migration.operation())
            && report.phase() == stage.phase
            && fe.equals(asked());
    if (!isAwaited) {
      return;
    }
    switch (report.state()) {
      case ACCEPTED -> progress = "%s at %s".formatted(stage.phase, fe).toLowerCase(Locale.ROOT);
      case COPYING -> {
        progress = "copied %d of %d bytes".formatted(report.doneBytes(), report.totalBytes());
        progressed(report, nowNanos);
      }
      case PAUSED -> {
        progress = "switching over";
        progressed(report, nowNanos);
      }
      case DONE -> done(report, nowNanos);
      case CANCELLED -> cancelled(nowNanos);
      case FAILED -> failed(report.text(), nowNanos);
    }
  }

  /** Whoever is asked again repeats what it said last: that is no progress. */
  private void progressed(MigrationReport report, long nowNanos) {
    if (!report.equals(latest)) {
      latest = report;
      stageSinceNanos = nowNanos;
    }
  }

  private void done(MigrationReport report, long nowNanos) {
    switch (stage) {
      case PREPARE -> {
        endpoint = report.text();
        enter(Stage.MOVE, nowNanos);
      }
      case MOVE -> enter(Stage.COMPLETE, nowNanos);
      case COMPLETE -> done("");
      case UNDO -> enter(Stage.CLEAR, nowNanos);
      case CLEAR -> end(false, reason + "; both elements say that it runs there");
      case CONFIRM -> done("after all, though " + reason);
    }
  }

  private void cancelled(long nowNanos) {
    switch (stage) {
      case UNDO -> enter(Stage.CONFIRM, nowNanos);
      case CLEAR -> end(true, "%s; it runs on at %s".formatted(reason, migration.from()));
      default -> failed("it was cancelled", nowNanos);
    }
  }

  private void failed(String why, long nowNanos) {
    switch (stage) {
      case PREPARE, MOVE, COMPLETE -> {
        reason = why;
        enter(Stage.UNDO, nowNanos);
      }
      case UNDO -> end(false, "%s; where it runs is not known: %s".formatted(reason, why));
      case CLEAR ->
          end(
              true,
              "%s; it runs on at %s; not cleared at %s: %s"
                  .formatted(reason, migration.from(), migration.to(), why));
      // It may be an old answer, or come up a moment later.
      case CONFIRM -> {
        denial = why;
        progress = "%s: %s".formatted(migration.to(), why);
      }
    }
  }

  private void enter(Stage next, long nowNanos) {
    stage = next;
    latest = null;
    stageSinceNanos = nowNanos;
    mustAsk = true;
  }

  private void done(String detail) {
    outcome = Optional.of(new Outcome(StepEnd.DONE, true, detail));
  }

  private void end(boolean isPlaceKnown, String detail) {
    outcome = Optional.of(new Outcome(StepEnd.FAILED, isPlaceKnown, detail));
  }
}
