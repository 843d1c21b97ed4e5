package io.sterna.controller.http;

import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import io.sterna.controller.execution.RelocationCommand.PlanChanged;
import io.sterna.store.plan.PlanId;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * {@code plans}: list, show, propose, approve, reject, stop. Who asks is told by his token, or,
 * where the controllers know none, by {@code ?by=NAME}, and written down with what was asked.
 */
final class PlanRoutes extends AllDirectives {
  private static final int BY_CHARS_MAX = 100;
  private static final String NOBODY = "operator";

  private final PlansView view;
  private final Answers answers;
  private final Callers callers;

  PlanRoutes(PlansView view, Answers answers, Callers callers) {
    this.view = view;
    this.answers = answers;
    this.callers = callers;
  }

  /** Below {@code api/v1}. */
  Route routes() {
    return pathPrefix(
        "plans",
        () ->
            optionalHeaderValueByName(
                "Origin",
                // A browser would ask on behalf of any page that its user looks at.
                origin ->
                    origin.isPresent()
                        ? answers.error(
                            StatusCodes.FORBIDDEN, "forbidden", "plans are not for web pages")
                        : plans()));
  }

  private Route plans() {
    return concat(
        pathEndOrSingleSlash(
            () ->
                concat(
                    get(() -> onSuccess(view.list(), answers::ok)),
                    post(() -> by(name -> changed(view.propose(name)))))),
        path(PathMatchers.segment(), text -> get(() -> plan(text, this::show))),
        wish("approve", view::approve),
        wish("reject", view::reject),
        wish("stop", view::stop));
  }

  private Route show(PlanId id) {
    return onSuccess(
        view.show(id),
        found -> found.map(answers::ok).orElseGet(() -> error(true, "no plan " + id)));
  }

  private Route wish(String verb, BiFunction<PlanId, String, CompletionStage<PlanChanged>> wish) {
    return path(
        PathMatchers.segment().slash(verb),
        text -> post(() -> plan(text, id -> by(name -> changed(wish.apply(id, name))))));
  }

  private Route plan(String text, Function<PlanId, Route> route) {
    return answers.parsed(text, PlanId::parse, route);
  }

  private Route by(Function<String, Route> route) {
    return callers.known(
        caller -> caller.isProven() ? route.apply(caller.operator()) : unproven(route));
  }

  private Route unproven(Function<String, Route> route) {
    return parameterOptional(
        "by",
        name -> {
          String by = name.orElse(NOBODY).replaceAll("\\p{Cntrl}", " ").strip();
          return by.isEmpty() || by.length() > BY_CHARS_MAX
              ? answers.error(
                  StatusCodes.BAD_REQUEST, "bad_request", "by is not 1 to 100 characters")
              : route.apply(by);
        });
  }

  private Route changed(CompletionStage<PlanChanged> answer) {
    return onSuccess(
        answer,
        changed ->
            changed
                .plan()
                .map(answers::ok)
                .orElseGet(() -> error(changed.unknown(), changed.refusal())));
  }

  private Route error(boolean unknown, String message) {
    return unknown
        ? answers.notFound("unknown_plan", message)
        : answers.error(StatusCodes.CONFLICT, "refused", message);
  }
}
