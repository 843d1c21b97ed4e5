package io.sterna.controller.http;

import akka.NotUsed;
import akka.http.javadsl.marshallers.jackson.Jackson;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.ExceptionHandler;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.RejectionHandler;
import akka.http.javadsl.server.Route;
import akka.http.javadsl.unmarshalling.StringUnmarshaller;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sterna.protocol.FeId;
import io.sterna.protocol.IpAddress;
import io.sterna.protocol.IpPrefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP API, version 1: JSON. Damping can be cleared, and plans can be decided on; all else is
 * read.
 */
public final class ApiRoutes extends AllDirectives {
  private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);

  private final ClusterView view;
  private final PlanRoutes plans;
  private final ObjectMapper json = new ObjectMapper();

  public ApiRoutes(ClusterView view, PlansView plansView) {
    this.view = view;
    plans = new PlanRoutes(plansView);
  }

  /** An error as clients see it. */
  private record ApiError(String code, String message) {}

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
                get(
                    () ->
                        concat(
                            pathPrefix("bindings", this::bindings),
                            pathPrefix("forwarding-elements", this::forwardingElements),
                            path("ranges", () -> answer("ranges", view.ranges())),
                            path("members", () -> members()),
                            path("health", this::health)))));
  }

  /** {@code DELETE bindings/ADDRESS/damping}: answered when it is committed. */
  private Route clearDamping() {
    return path(
        PathMatchers.segment("bindings").slash(PathMatchers.segment()).slash("damping"),
        text ->
            parsed(
                text,
                IpAddress::parse,
                address ->
                    onSuccess(
                        view.clearDamping(address),
                        cleared ->
                            cleared
                                .map(this::ok)
                                .orElseGet(
                                    () ->
                                        error(
                                            StatusCodes.NOT_FOUND,
                                            "not_damped",
                                            address + " is not damped")))));
  }

  private Route bindings() {
    return concat(
        pathEndOrSingleSlash(
            () ->
                parameterOptional(
                    unmarshaller(IpPrefix::parse),
                    "prefix",
                    prefix ->
                        parameterOptional(
                            unmarshaller(FeId::new),
                            "fe",
                            fe ->
                                parameterOptional(
                                    "state", state -> listBindings(prefix, fe, state))))),
        path(
            PathMatchers.segment(),
            text ->
                parsed(
                    text,
                    IpAddress::parse,
                    address ->
                        onSuccess(
                            view.binding(address),
                            found ->
                                found
                                    .map(this::ok)
                                    .orElseGet(
                                        () ->
                                            error(
                                                StatusCodes.NOT_FOUND,
                                                "not_bound",
                                                address + " is not bound"))))));
  }

  /** Streamed: any number of bindings costs one page of memory. */
  private Route listBindings(Optional<IpPrefix> prefix, Optional<FeId> fe, Optional<String> state) {
    Source<ByteString, NotUsed> document =
        view.bindings(prefix, fe, state)
            .map(binding -> ByteString.fromArrayUnsafe(write(binding)))
            .intersperse(
                ByteString.fromString("{\"bindings\":["),
                ByteString.fromString(","),
                ByteString.fromString("]}"));
    return complete(
        HttpResponse.create()
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, document)));
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
                            .map(this::ok)
                            .orElseGet(
                                () ->
                                    error(
                                        StatusCodes.NOT_FOUND,
                                        "unknown_element",
                                        "no forwarding element '" + id + "' in the inventory")))));
  }

  private Route members() {
    return ok(Map.of("members", view.members()));
  }

  private Route health() {
    return onSuccess(
        view.health(),
        health ->
            json(
                health.status().equals("ok") ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE,
                health));
  }

  private <T> Route answer(String name, CompletionStage<List<T>> rows) {
    return onSuccess(rows, list -> ok(Map.of(name, list)));
  }

  private <T> Route parsed(String text, Function<String, T> parse, Function<T, Route> route) {
    T value;
    try {
      value = parse.apply(text);
    } catch (IllegalArgumentException e) {
      return error(StatusCodes.BAD_REQUEST, "bad_request", String.valueOf(e.getMessage()));
    }
    return route.apply(value);
  }

  private static <T> akka.http.javadsl.unmarshalling.Unmarshaller<String, T> unmarshaller(
      Function<String, T> parse) {
    return StringUnmarshaller.sync(parse);
  }

  private ExceptionHandler failures() {
    return ExceptionHandler.newBuilder()
        .match(
            TimeoutException.class,
            e ->
                error(
                    StatusCodes.SERVICE_UNAVAILABLE,
                    "unavailable",
                    "a range did not answer in time; it may be moving to another controller"))
        .matchAny(
            e -> {
              LOG.warn("A request failed", e);
              return error(
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
                    write(
                        Map.of(
                            "error",
                            new ApiError(
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

  private Route ok(Object body) {
    return json(StatusCodes.OK, body);
  }

  private Route error(StatusCode status, String code, String message) {
    return json(status, Map.of("error", new ApiError(code, message)));
  }

  private Route json(StatusCode status, Object body) {
    return complete(status, body, Jackson.marshaller(json));
  }

  private byte[] write(Object body) {
    try {
      return json.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of the API are always JSON", e);
    }
  }
}
