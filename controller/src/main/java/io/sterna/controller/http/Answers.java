package io.sterna.controller.http;

import akka.NotUsed;
import akka.http.javadsl.marshallers.jackson.Jackson;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.StatusCode;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.function.Function;

/** How the API answers: JSON, and errors with a code and a message. */
final class Answers extends AllDirectives {
  private final ObjectMapper json = new ObjectMapper();

  /** An error as clients see it. */
  record ApiError(String code, String message) {}

  Route ok(Object body) {
    return json(StatusCodes.OK, body);
  }

  Route notFound(String code, String message) {
    return error(StatusCodes.NOT_FOUND, code, message);
  }

  Route error(StatusCode status, String code, String message) {
    return json(status, Map.of("error", new ApiError(code, message)));
  }

  Route json(StatusCode status, Object body) {
    return complete(status, body, Jackson.marshaller(json));
  }

  /** A part of the request; an error that says why if it cannot be that. */
  <S, T> Route parsed(S text, Function<S, T> parse, Function<T, Route> route) {
    T value;
    try {
      value = parse.apply(text);
    } catch (IllegalArgumentException e) {
      return error(StatusCodes.BAD_REQUEST, "bad_request", String.valueOf(e.getMessage()));
    }
    return route.apply(value);
  }

  /** A list in an object, row by row: any number of rows costs one page of memory. */
  Route stream(String name, Source<?, NotUsed> rows) {
    Source<ByteString, NotUsed> document =
        rows.map(row -> ByteString.fromArrayUnsafe(write(row)))
            .intersperse(
                ByteString.fromString("{\"" + name + "\":["),
                ByteString.fromString(","),
                ByteString.fromString("]}"));
    return complete(
        HttpResponse.create()
            .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, document)));
  }

  byte[] write(Object body) {
    try {
      return json.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("records of the API are always JSON", e);
    }
  }
}
