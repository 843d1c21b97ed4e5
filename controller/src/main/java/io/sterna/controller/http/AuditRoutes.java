package io.sterna.controller.http;

import akka.NotUsed;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import akka.japi.pf.PFBuilder;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import io.sterna.controller.audit.AuditReading;
import io.sterna.controller.audit.EntryId;
import io.sterna.controller.audit.Moments;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import io.sterna.store.audit.AuditEntry;
import io.sterna.store.audit.AuditFilter;
import io.sterna.store.audit.PastTable.End;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code audit/...}: the record, streamed as fast as it is read. */
final class AuditRoutes extends AllDirectives {
  private static final int LIMIT = 1_000;
  private static final int LIMIT_MAX = 10_000;

  /** Well within {@code akka.http.server.idle-timeout}, which ends a silent answer. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);

  private static final ByteString BLANK = ByteString.fromString(" ");

  private final AuditView view;
  private final FollowRoute follow;
  private final Answers answers;
  private final InstantSource clock;

  AuditRoutes(AuditView view, Answers answers, InstantSource clock) {
    this.view = view;
    this.follow = view.follow(answers);
    this.answers = answers;
    this.clock = clock;
  }

  Route routes() {
    return pathPrefix("audit", () -> withoutRequestTimeout(this::asked));
  }

  private Route asked() {
    return parameterMap(
        asked ->
            concat(
                path("log", () -> guarded(() -> log(asked))),
                path("entry", () -> guarded(() -> entry(asked))),
                path("at", () -> guarded(() -> at(asked))),
                path("diff", () -> guarded(() -> diff(asked))),
                path("verify", () -> guarded(() -> verify(asked))),
                path("export", () -> guarded(() -> export(asked))),
                path(
                    PathMatchers.segment("history").slash(PathMatchers.segment()),
                    address -> guarded(() -> history(address, asked)))));
  }

  private Route guarded(java.util.function.Supplier<Route> route) {
    return answers.parsed(route, java.util.function.Supplier::get, found -> found);
  }

  private Route log(Map<String, String> asked) {
    Asked.only(
        asked, "address", "prefix", "fe", "site", "cause", "who", "reason", "what", "from", "to",
        "limit", "cursor", "follow");
    AuditFilter filter = filter(asked);
    if (FollowRoute.isAsked(asked)) {
      return follow.route(view.wanted(Optional.ofNullable(filter.prefix())), filter, asked);
    }
    int limit = limit(asked);
    return onSuccess(view.log(filter, optional(asked, "cursor"), limit), answers::ok);
  }

  private Route history(String text, Map<String, String> asked) {
    Asked.only(asked, "limit", "cursor");
    IpAddress address = IpAddress.parse(text);
    if (view.rangeOf(address).isEmpty()) {
      return answers.notFound("not_mobile", address + " lies in no range of this cluster");
    }
    AuditFilter filter = AuditFilter.of(IpPrefix.around(address, address.bitLength()));
    return onSuccess(
        view.log(filter, optional(asked, "cursor"), limit(asked)),
        page ->
            page.entries().isEmpty() && page.next() == null
                ? answers.notFound("no_entry", "nothing is on record of " + address)
                : answers.ok(page));
  }

  private Route entry(Map<String, String> asked) {
    Asked.only(asked, "id");
    EntryId id = EntryId.parse(asked.getOrDefault("id", ""));
    return onSuccess(
        view.row(id.range(), id.row()),
        entries -> {
          var found =
              entries.stream()
                  .filter(each -> id.names(each.index()))
                  .map(AuditModel::entry)
                  .toList();
          return found.isEmpty()
              ? answers.notFound("no_entry", "there is no entry " + id)
              : answers.ok(new AuditModel.PageView(found, null));
        });
  }

  private Route at(Map<String, String> asked) {
    Asked.only(asked, "time", "revision", "prefix");
    Optional<IpPrefix> prefix = Asked.prefix(asked, view.ranges());
    if (asked.containsKey("revision")) {
      long revision = Long.parseLong(asked.getOrDefault("revision", ""));
      return streamed(Map.of(), "bindings", view.at(End.atRevision(revision), prefix));
    }
    Instant moment = past(asked, "time");
    return onSuccess(
        view.span(prefix),
        span -> {
          Map<String, Object> head = new LinkedHashMap<>();
          head.put("at", moment.toString());
          note(span, moment).ifPresent(note -> head.put("note", note));
          return streamed(head, "bindings", view.at(End.atMillis(moment.toEpochMilli()), prefix));
        });
  }

  private Route diff(Map<String, String> asked) {
    Asked.only(asked, "from", "to", "prefix");
    Optional<IpPrefix> prefix = Asked.prefix(asked, view.ranges());
    Instant from = past(asked, "from");
    Instant to = past(asked, "to");
    if (from.isAfter(to)) {
      throw new IllegalArgumentException(from + " is after " + to);
    }
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("from", from.toString());
    head.put("to", to.toString());
    return streamed(
        head,
        "differences",
        view.diff(End.atMillis(from.toEpochMilli()), End.atMillis(to.toEpochMilli()), prefix));
  }

  private Route verify(Map<String, String> asked) {
    Asked.only(asked, "prefix");
    Optional<IpPrefix> prefix = Asked.prefix(asked, view.ranges());
    return json(
        Source.completionStage(view.checkpoints())
            .flatMapConcat(
                signed ->
                    document(
                        Map.of("checkpoints", AuditModel.checkpoints(signed)),
                        "ranges",
                        view.verify(signed, prefix)))
            // Only of the checkpoints: a document says itself what goes wrong with its rows.
            .recoverWithRetries(
                1,
                new PFBuilder<Throwable, Source<ByteString, NotUsed>>()
                    .matchAny(failure -> document(Map.of(), "ranges", Source.failed(failure)))
                    .build()));
  }

  private Route export(Map<String, String> asked) {
    Asked.only(asked, "prefix");
    Optional<IpPrefix> prefix = Asked.prefix(asked, view.ranges());
    view.reads().check();
    Source<ByteString, NotUsed> lines =
        view.export(prefix)
            .recover(
                new PFBuilder<Throwable, Object>()
                    .matchAny(failure -> Map.of("error", RecordFailure.ending(failure)))
                    .build())
            .map(line -> ByteString.fromArrayUnsafe(answers.write(line)))
            .map(line -> line.concat(ByteString.fromString("\n")));
    return complete(
        HttpResponse.create()
            .withEntity(
                HttpEntities.create(
                    ContentTypes.create(
                        MediaTypes.applicationWithFixedCharset(
                            "x-ndjson", akka.http.javadsl.model.HttpCharsets.UTF_8)),
                    alive(lines))));
  }

  /** What goes wrong when rows are on their way already is said behind them. */
  private Source<ByteString, NotUsed> document(
      Map<String, ?> head, String name, Source<List<?>, NotUsed> rows) {
    String begin = new String(answers.write(head), java.nio.charset.StandardCharsets.UTF_8);
    String open = begin.substring(0, begin.length() - 1) + (head.isEmpty() ? "" : ",");
    return StreamedDocument.of(open + "\"" + name + "\":[", rows, answers);
  }

  private Route streamed(Map<String, ?> head, String name, Source<List<?>, NotUsed> rows) {
    return json(document(head, name, rows));
  }

  /** Refused while there is no room: behind a beginning that could not be said. */
  private Route json(Source<ByteString, NotUsed> document) {
    view.reads().check();
    return complete(
        HttpResponse.create()
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, alive(document))));
  }

  /** Lines, or a document, that are not cut off while nothing is to be said. */
  static Source<ByteString, NotUsed> alive(Source<ByteString, NotUsed> pieces) {
    return alive(pieces, SILENCE_MAX);
  }

  /** A blank between two pieces changes no JSON. */
  static Source<ByteString, NotUsed> alive(
      Source<ByteString, NotUsed> pieces, Duration silenceMax) {
    return pieces.keepAlive(silenceMax, () -> BLANK);
  }

  private AuditFilter filter(Map<String, String> asked) {
    Instant now = clock.instant();
    long from = optional(asked, "from").map(time -> millis(time, now)).orElse(Long.MIN_VALUE);
    long to = optional(asked, "to").map(time -> millis(time, now)).orElse(Long.MAX_VALUE);
    if (from > to) {
      throw new IllegalArgumentException(AuditView.iso(from) + " is after " + AuditView.iso(to));
    }
    return new AuditFilter(
        optional(asked, "address")
            .map(IpAddress::parse)
            .map(address -> IpPrefix.around(address, address.bitLength()))
            .map(address -> Asked.mobile(address, view.ranges()))
            .or(() -> Asked.prefix(asked, view.ranges()))
            .orElse(null),
        elements(asked),
        Asked.word(asked, "cause", AuditEntry.causes()).map(AuditRoutes::cause).orElse(null),
        asked.get("who"),
        Asked.word(asked, "reason", AuditEntry.reasons()).orElse(null),
        Asked.word(asked, "what", AuditEntry.whats()).orElse(null),
        from,
        to);
  }

  private @Nullable Set<FeId> elements(Map<String, String> asked) {
    if (asked.containsKey("fe")) {
      return Set.of(new FeId(asked.getOrDefault("fe", "")));
    }
    return optional(asked, "site").map(view::elementsOf).orElse(null);
  }

  private static long millis(String time, Instant now) {
    return Moments.parse(time, now).toEpochMilli();
  }

  private static AuditEntry.Cause cause(String word) {
    return AuditEntry.Cause.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static int limit(Map<String, String> asked) {
    String text = asked.getOrDefault("limit", String.valueOf(LIMIT));
    if (!text.matches("\\d{1,6}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > LIMIT_MAX) {
      throw new IllegalArgumentException("limit '%s' is not 1 to %d".formatted(text, LIMIT_MAX));
    }
    return Integer.parseInt(text);
  }

  private Instant past(Map<String, String> asked, String name) {
    String text = asked.get(name);
    if (text == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    Instant now = clock.instant();
    Instant moment = Moments.parse(text, now);
    if (moment.isAfter(now)) {
      throw new IllegalArgumentException(moment + " is in the future");
    }
    return moment;
  }

  private static Optional<String> note(AuditReading.Span span, Instant moment) {
    if (span.first().isEmpty()) {
      return Optional.of("nothing is on record");
    }
    if (moment.toEpochMilli() < span.first().getAsLong()) {
      return Optional.of(
          "nothing was on record then: the first record is of "
              + AuditView.iso(span.first().getAsLong()));
    }
    if (span.last().isPresent() && moment.toEpochMilli() > span.last().getAsLong()) {
      return Optional.of("nothing was recorded after " + AuditView.iso(span.last().getAsLong()));
    }
    return Optional.empty();
  }

  private static Optional<String> optional(Map<String, String> asked, String name) {
    return Optional.ofNullable(asked.get(name));
  }
}
