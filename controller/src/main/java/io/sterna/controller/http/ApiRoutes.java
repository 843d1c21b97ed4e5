package io.sterna.controller.http;

import akka.NotUsed;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpCharsets;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import akka.stream.javadsl.Source;
import io.sterna.protocol.IpAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API, version 1: JSON. Damping can be cleared, plans can be decided on, past moments
 * brought back and old rows archived, by whom {@link Callers} lets; all else is read.
 */
public final class ApiRoutes extends AllDirectives {
  private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);

  private static final ContentType OPENAPI =
      ContentTypes.create(MediaTypes.applicationWithFixedCharset("yaml", HttpCharsets.UTF_8));

  private final ClusterView view;
  private final Answers answers = new Answers();
  private final TrafficRoutes traffic;
  private final PlanRoutes plans;
  private final AuditRoutes audit;
  private final ArchiveRoutes archive;
  private final RestoreRoutes restore;
  private final Callers callers;

  public ApiRoutes(
      ClusterView view,
      TrafficView trafficView,
      PlansView plansView,
      AuditView auditView,
      RestoreView restoreView,
      OperatorTokens tokens) {
    this.view = view;
    callers = new Callers(tokens, answers);
    traffic = new TrafficRoutes(trafficView, answers);
    plans = new PlanRoutes(plansView, answers, callers);
    audit = new AuditRoutes(auditView, answers, InstantSource.system());
    restore = new RestoreRoutes(auditView, restoreView, answers, callers, InstantSource.system());
    archive = auditView.archive(answers, callers, InstantSource.system());
  }

  /** Every route. */
  public Route routes() {
    return handleExceptions(
        failures(), () -> handleRejections(rejections(), () -> pathPrefix("api", this::versions)));
  }

  private Route versions() {
    return pathPrefix(
        "v1",
        () ->
            concat(
                delete(this::clearDamping),
                plans.routes(),
                archive.routes(),
                restore.routes(),
                get(
                    () ->
                        concat(
                            pathPrefix("bindings", this::bindings),
                            pathPrefix("forwarding-elements", this::forwardingElements),
                            path("ranges", () -> answer("ranges", view.ranges())),
                            path("members", () -> members()),
                            path("health", this::health),
                            path("openapi.yaml", () -> getFromResource("openapi.yaml", OPENAPI)),
                            audit.routes(),
                            traffic.routes()))));
  }

  /** {@code DELETE bindings/ADDRESS/damping}: answered when it is committed. */
  private Route clearDamping() {
    return path(
        PathMatchers.segment("bindings").slash(PathMatchers.segment()).slash("damping"),
        text ->
            answers.parsed(
                text,
                IpAddress::parse,
                address -> callers.known(caller -> clearDamping(address, caller))));
  }

  private Route clearDamping(IpAddress address, Callers.Caller caller) {
    return parameterOptional(
        "why",
        why ->
            answers.parsed(
                why,
                text -> caller.order(text, 0),
                order ->
                    onSuccess(
                        view.clearDamping(address, order),
                        cleared ->
                            cleared.map(answers::ok).orElseGet(() -> isNot(address, "damped")))));
  }

  private Route bindings() {
    return concat(
        pathEndOrSingleSlash(
            () -> parameterMap(asked -> answers.parsed(asked, view::bindings, this::listBindings))),
        path(
            PathMatchers.segment(),
            text ->
                answers.parsed(
                    text,
                    IpAddress::parse,
                    address ->
                        onSuccess(
                            view.binding(address),
                            found ->
                                found.map(answers::ok).orElseGet(() -> isNot(address, "bound"))))));
  }

  private Route isNot(IpAddress address, String what) {
    return view.isMobile(address)
        ? answers.notFound("not_" + what, address + " is not " + what)
        : answers.notFound("not_mobile", address + " lies in no range of this cluster");
  }

  private Route listBindings(Source<ApiModel.BindingView, NotUsed> found) {
    return answers.stream("bindings", found);
  }

  private Route forwardingElements() {
    return concat(
        pathEndOrSingleSlash(() -> answer("forwardingElements", view.forwardingElements())),
        path(
            PathMatchers.segment(),
            id ->
                onSuccess(
                    view.forwardingElements(),
                    all ->
                        all.stream()
                            .filter(element -> element.id().equals(id))
                            .findFirst()
                            .map(answers::ok)
                            .orElseGet(
                                () ->
                                    answers.error(
                                        StatusCodes.NOT_FOUND,
                                        "unknown_element",
                                        "no forwarding element '" + id + "' in the inventory")))));
  }

  private Route members() {
    return answers.ok(Map.of("members", view.members()));
  }

  private Route health() {
    return onSuccess(
        view.health(),
        health ->
            answers.json(
                health.status().equals("ok") ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE,
                health));
  }

  private <T> Route answer(String name, CompletionStage<List<T>> rows) {
    return onSuccess(rows, list -> answers.ok(Map.of(name, list)));
  }

  private ExceptionHandler failures() {
    return ExceptionHandler.newBuilder()
        .match(
            TimeoutException.class,
            e ->
                answers.error(
                    StatusCodes.SERVICE_UNAVAILABLE,
                    "unavailable",
                    "who knows did not answer in time: a range, or the collector of traffic, may be"
                        + " moving to another controller"))
        .matchAny(
            e -> {
              Optional<RecordFailure> wrong = RecordFailure.of(e);
              if (wrong.isPresent()) {
                return answers.error(
                    wrong.get().status(), wrong.get().code(), wrong.get().message());
              }
              if (e instanceof CompletionException
                  && e.getCause() instanceof IllegalArgumentException bad) {
                return answers.error(
                    StatusCodes.BAD_REQUEST, "bad_request", String.valueOf(bad.getMessage()));
              }
              LOG.warn("A request failed", e);
              return answers.error(
                  StatusCodes.INTERNAL_SERVER_ERROR, "internal", "the request failed; see the log");
            })
        .build();
  }

  private RejectionHandler rejections() {
    return RejectionHandler.defaultHandler()
        .mapRejectionResponse(
            response ->
                response.withEntity(
                    ContentTypes.APPLICATION_JSON,
                    answers.write(
                        Map.of(
                            "error",
                            new Answers.ApiError(
                                response.status().isFailure()
                                    ? response
                                        .status()
                                        .reason()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .replace(' ', '_')
                                    : "rejected",
                                text(response))))));
  }

  private static String text(HttpResponse response) {
    return response.entity() instanceof akka.http.javadsl.model.HttpEntity.Strict strict
        ? strict.getData().utf8String()
        : response.status().reason();
  }
}
