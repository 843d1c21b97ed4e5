package io.sterna.controller.http;

import akka.http.javadsl.marshallers.jackson.Jackson;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.controller.execution.RelocationCommand.PlanChanged;
import io.sterna.store.plan.PlanId;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * {@code plans}: list, show, propose, approve, reject, stop. Who asks is told by {@code ?by=NAME},
 * and written down with what was asked.
 */
final class PlanRoutes extends AllDirectives {
  private static final int BY_CHARS_MAX = 100;
  private static final String NOBODY = "operator";

  private final PlansView view;
  private final ObjectMapper json = new ObjectMapper();

  PlanRoutes(PlansView view) {
    this.view = view;
  }

  /** Below {@code api/v1}. */
  Route routes() {
    return pathPrefix(
        "plans",
        () ->
            concat(
                pathEndOrSingleSlash(
                    () ->
                        concat(
                            get(() -> onSuccess(view.list(), this::ok)),
                            post(() -> by(name -> changed(view.propose(name)))))),
                path(PathMatchers.segment(), text -> get(() -> plan(text, this::show))),
                wish("approve", view::approve),
                wish("reject", view::reject),
                wish("stop", view::stop)));
  }

  private Route show(PlanId id) {
    return onSuccess(
        view.show(id), found -> found.map(this::ok).orElseGet(() -> error(true, "no plan " + id)));
  }

  private Route wish(String verb, BiFunction<PlanId, String, CompletionStage<PlanChanged>> wish) {
    return path(
        PathMatchers.segment().slash(verb),
        text -> post(() -> plan(text, id -> by(name -> changed(wish.apply(id, name))))));
  }

  private Route plan(String text, Function<PlanId, Route> route) {
    PlanId id;
    try {
      id = PlanId.parse(text);
    } catch (IllegalArgumentException e) {
      return error(StatusCodes.BAD_REQUEST, "bad_request", String.valueOf(e.getMessage()));
    }
    return route.apply(id);
  }

  private Route by(Function<String, Route> route) {
    return parameterOptional(
        "by",
        name -> {
          String by = name.orElse(NOBODY).replaceAll("\\p{Cntrl}", " ").strip();
          return by.isEmpty() || by.length() > BY_CHARS_MAX
              ? error(StatusCodes.BAD_REQUEST, "bad_request", "by is not 1 to 100 characters")
              : route.apply(by);
        });
  }

  private Route changed(CompletionStage<PlanChanged> answer) {
    return onSuccess(
        answer,
        changed ->
            changed
                .plan()
                .map(this::ok)
                .orElseGet(() -> error(changed.unknown(), changed.refusal())));
  }

  private Route ok(Object body) {
    return complete(StatusCodes.OK, body, Jackson.marshaller(json));
  }

  private Route error(boolean unknown, String message) {
    return unknown
        ? error(StatusCodes.NOT_FOUND, "unknown_plan", message)
        : error(StatusCodes.CONFLICT, "refused", message);
  }

  private Route error(StatusCode status, String code, String message) {
    Map<String, String> error = Map.of("code", code, "message", message);
    return complete(status, Map.of("error", error), Jackson.marshaller(json));
  }
}
