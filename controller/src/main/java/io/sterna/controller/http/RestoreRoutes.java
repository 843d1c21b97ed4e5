package io.sterna.controller.http;

import akka.NotUsed;
import akka.http.javadsl.marshallers.jackson.Jackson;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import akka.japi.pf.PFBuilder;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import io.sterna.controller.audit.Moments;
import io.sterna.controller.audit.RestoreTicket;
import io.sterna.controller.http.RestoreModel.FailureView;
import io.sterna.controller.http.RestoreModel.RestoreRequest;
import io.sterna.protocol.IpPrefix;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code POST audit/restore}: shows, and makes, what brings a past moment back. */
final class RestoreRoutes extends AllDirectives {
  private static final ContentType LINES =
      ContentTypes.create(MediaTypes.applicationWithFixedCharset("x-ndjson", HttpCharsets.UTF_8));

  private final AuditView audit;
  private final RestoreView view;
  private final Answers answers;
  private final Callers callers;
  private final InstantSource clock;

  RestoreRoutes(
      AuditView audit, RestoreView view, Answers answers, Callers callers, InstantSource clock) {
    this.audit = audit;
    this.view = view;
    this.answers = answers;
    this.callers = callers;
    this.clock = clock;
  }

  Route routes() {
    return path(
        PathMatchers.segment("audit").slash("restore"),
        () ->
            post(
                () ->
                    withoutRequestTimeout(
                        () ->
                            entity(
                                Jackson.unmarshaller(RestoreRequest.class),
                                request ->
                                    answers.parsed(request, this::restore, route -> route)))));
  }

  private Route restore(RestoreRequest request) {
    return Boolean.FALSE.equals(request.dryRun()) ? made(request) : shown(request);
  }

  private Route shown(RestoreRequest request) {
    if (request.at() == null) {
      throw new IllegalArgumentException("'at' is missing");
    }
    long atMillis = past(Moments.parse(request.at(), clock.instant()).toEpochMilli());
    Optional<IpPrefix> prefix =
        Optional.ofNullable(request.prefix())
            .map(IpPrefix::parse)
            .map(each -> Asked.mobile(each, audit.ranges()));
    return onRecord(
        atMillis,
        prefix,
        () -> {
          audit.reads().check();
          return lines(
              audit
                  .reads()
                  .during(view.plan(atMillis, prefix))
                  .recover(
                      new PFBuilder<Throwable, List<Object>>()
                          .matchAny(
                              failure -> List.of(new FailureView(RecordFailure.ending(failure))))
                          .build()));
        });
  }

  private long past(long atMillis) {
    if (atMillis > clock.millis()) {
      throw new IllegalArgumentException(AuditView.iso(atMillis) + " is in the future");
    }
    return atMillis;
  }

  /** For a moment of which there is a record. */
  private Route onRecord(long atMillis, Optional<IpPrefix> prefix, Supplier<Route> route) {
    return onSuccess(
        audit.span(prefix),
        span -> {
          // Everything would be released, and be it for a slip of the pen.
          if (span.first().isEmpty() || atMillis < span.first().getAsLong()) {
            return answers.notFound(
                "no_record", "nothing was on record at " + AuditView.iso(atMillis));
          }
          return route.get();
        });
  }

  private Route made(RestoreRequest request) {
    if (request.plan() == null) {
      throw new IllegalArgumentException("'plan' is missing: what a dry run showed");
    }
    RestoreTicket ticket = RestoreTicket.parse(request.plan());
    boolean sameTime =
        request.at() == null
            || Moments.parse(request.at(), clock.instant()).toEpochMilli() == ticket.atMillis();
    boolean samePrefix =
        request.prefix() == null
            || Optional.of(IpPrefix.parse(request.prefix())).equals(ticket.prefix());
    if (!sameTime || !samePrefix) {
      throw new IllegalArgumentException("'plan' is for another time or prefix");
    }
    long atMillis = past(ticket.atMillis());
    return callers.known(
        caller ->
            answers.parsed(
                Optional.ofNullable(request.why()),
                why -> caller.order(why, atMillis),
                order ->
                    onRecord(atMillis, ticket.prefix(), () -> lines(view.make(ticket, order)))));
  }

  private Route lines(Source<List<Object>, NotUsed> rows) {
    Source<ByteString, NotUsed> bytes = rows.map(this::lines);
    return complete(
        HttpResponse.create().withEntity(HttpEntities.create(LINES, AuditRoutes.alive(bytes))));
  }

  private ByteString lines(List<Object> rows) {
    ByteStringBuilder lines = ByteString.createBuilder();
    for (Object row : rows) {
      lines.putBytes(answers.write(row));
      lines.putByte((byte) '\n');
    }
    return lines.result();
  }
}
