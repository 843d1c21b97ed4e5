package io.sterna.controller.http;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.sterna.controller.audit.FollowSettings;
import io.sterna.controller.audit.FollowedJournal;
import io.sterna.controller.audit.LogFollower;
import io.sterna.controller.audit.RecordThreads;
import io.sterna.protocol.RangeId;
import io.sterna.store.audit.AuditFilter;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** {@code audit/log?follow=true}: the log as it is written, as lines of JSON. */
final class FollowRoute extends AllDirectives {
  private final FollowSettings settings;
  private final Supplier<FollowedJournal> journal;
  private final Followers followers;
  private final Executor blocking;
  private final Answers answers;

  /**
   * @param journal opened when somebody follows
   */
  FollowRoute(
      ActorSystem<?> system,
      FollowSettings settings,
      Supplier<FollowedJournal> journal,
      Answers answers) {
    this.settings = settings;
    this.journal = journal;
    this.followers = Followers.of(system, settings.readersMax());
    this.blocking = RecordThreads.upkeep(system);
    this.answers = answers;
  }

  /** Whether this is asked for. */
  static boolean isAsked(Map<String, String> asked) {
    String follow = asked.getOrDefault("follow", "false");
    if (!follow.equals("true") && !follow.equals("false")) {
      throw new IllegalArgumentException("follow '%s' is not true or false".formatted(follow));
    }
    return follow.equals("true");
  }

  /**
   * @param ranges whose log
   * @throws IllegalArgumentException if something else is asked that has no end to it
   */
  Route route(List<RangeId> ranges, AuditFilter filter, Map<String, String> asked) {
    for (String bound : List.of("to", "limit")) {
      if (asked.containsKey(bound)) {
        throw new IllegalArgumentException(
            "what is followed has no end: without '" + bound + "', please");
      }
    }
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("no range of this cluster has such addresses");
    }
    Optional<String> cursor = Optional.ofNullable(asked.get("cursor"));
    LogFollower.check(cursor, ranges);
    // The reader was past this time when he got his cursor; counted from now it would be later.
    AuditFilter wanted = cursor.isPresent() ? filter.fromAnyTime() : filter;
    if (followers.isFull()) {
      return answers.error(
          StatusCodes.TOO_MANY_REQUESTS,
          "too_many_followers",
          "this controller has %d followers already: ask another one, or later (audit.follow)"
              .formatted(followers.max()));
    }
    FollowLine line = new FollowLine(answers, InstantSource.system());
    Source<ByteString, NotUsed> lines =
        FollowedLog.source(
            new FollowedLog.Parts(
                () ->
                    new FollowedLines(
                        LogFollower.begin(journal.get(), ranges, wanted, cursor, System.nanoTime()),
                        wanted,
                        answers,
                        line),
                blocking,
                followers,
                settings.stallLimit(),
                line,
                System::nanoTime));
    return complete(
        HttpResponse.create()
            .withEntity(
                HttpEntities.create(
                    ContentTypes.create(
                        MediaTypes.applicationWithFixedCharset("x-ndjson", HttpCharsets.UTF_8)),
                    lines)));
  }
}
