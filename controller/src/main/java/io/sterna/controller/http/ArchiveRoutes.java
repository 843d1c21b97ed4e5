package io.sterna.controller.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import io.sterna.controller.audit.Archiver;
import io.sterna.controller.audit.Archiver.Begun;
import io.sterna.controller.audit.Archiver.Status;
import io.sterna.controller.audit.Moments;
import io.sterna.controller.http.Callers.Caller;
import io.sterna.store.cassandra.Archiving.Outcome;
import io.sterna.store.event.Order;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code audit/archive}: how far archiving is, and to begin it, at this controller. */
final class ArchiveRoutes extends AllDirectives {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final ActorSystem<?> system;
  private final Optional<ActorRef<Archiver.Command>> archiver;
  private final Answers answers;
  private final Callers callers;
  private final InstantSource clock;

  /** A range, as clients see it. */
  record OutcomeView(
      String range,
      long rows,
      long rowBytes,
      int files,
      long fileBytes,
      long archivedTo,
      String wrong,
      String note) {}

  /**
   * How far a run is, as clients see it; {@code off} = this controller has no folder.
   *
   * @param by who asked for it; null = it was due
   * @param from where his connection came from
   */
  record StatusView(
      String phase,
      boolean dryRun,
      @Nullable String by,
      @Nullable String from,
      @Nullable String before,
      @Nullable String began,
      @Nullable String ended,
      int ranges,
      int rangesDone,
      String failure,
      List<OutcomeView> outcomes) {}

  ArchiveRoutes(
      ActorSystem<?> system,
      Optional<ActorRef<Archiver.Command>> archiver,
      Answers answers,
      Callers callers,
      InstantSource clock) {
    this.system = system;
    this.archiver = archiver;
    this.answers = answers;
    this.callers = callers;
    this.clock = clock;
  }

  Route routes() {
    return path(
        PathMatchers.segment("audit").slash("archive"),
        () ->
            concat(
                get(this::status),
                post(() -> callers.known(caller -> parameterMap(asked -> begin(asked, caller))))));
  }

  private Route status() {
    if (archiver.isEmpty()) {
      return answers.ok(view(Status.NOTHING, "off"));
    }
    return onSuccess(
        AskPattern.<Archiver.Command, Status>ask(
            archiver.get(), Archiver.Read::new, TIMEOUT, system.scheduler()),
        found -> answers.ok(view(found, found.phase().name().toLowerCase(Locale.ROOT))));
  }

  private Route begin(Map<String, String> asked, Caller caller) {
    if (archiver.isEmpty()) {
      return refused("this controller has no audit.archive.folder: ask one that has");
    }
    Instant now = clock.instant();
    return answers.parsed(
        asked,
        each -> Optional.ofNullable(each.get("older-than")).map(text -> past(text, now)),
        before ->
            onSuccess(
                AskPattern.<Archiver.Command, Begun>ask(
                    archiver.get(),
                    replyTo -> new Archiver.Begin(before, isDry(asked), order(caller), replyTo),
                    TIMEOUT,
                    system.scheduler()),
                begun -> begun.refusal().isEmpty() ? status() : refused(begun.refusal())));
  }

  static Instant past(String text, Instant now) {
    Instant moment = Moments.parse(text, now);
    if (moment.isAfter(now)) {
      throw new IllegalArgumentException(moment + " is in the future");
    }
    return moment;
  }

  private static Optional<Order> order(Caller caller) {
    return Optional.of(caller.order(Optional.empty(), 0));
  }

  private static boolean isDry(Map<String, String> asked) {
    return !asked.getOrDefault("dry-run", "false").equals("false");
  }

  private Route refused(String why) {
    return answers.error(StatusCodes.CONFLICT, "refused", why);
  }

  private static StatusView view(Status status, String phase) {
    return new StatusView(
        phase,
        status.dryRun(),
        status.by().map(Order::operator).orElse(null),
        status.by().map(Order::from).orElse(null),
        text(status.before()),
        text(status.began()),
        text(status.ended()),
        status.ranges(),
        status.rangesDone(),
        status.failure(),
        status.outcomes().stream().map(ArchiveRoutes::view).toList());
  }

  private static OutcomeView view(Outcome outcome) {
    return new OutcomeView(
        outcome.range().toString(),
        outcome.rows(),
        outcome.rowBytes(),
        outcome.files(),
        outcome.fileBytes(),
        outcome.archivedTo(),
        outcome.wrong(),
        outcome.note());
  }

  private static @Nullable String text(Optional<Instant> at) {
    return at.map(Object::toString).orElse(null);
  }
}
