package io.sterna.controller.http;

import akka.http.javadsl.model.AttributeKeys;
import akka.http.javadsl.model.HttpHeader;
import akka.http.javadsl.model.HttpRequest;
import akka.http.javadsl.model.RemoteAddress;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.HttpChallenge;
import akka.http.javadsl.model.headers.WWWAuthenticate;
import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.Route;
import io.sterna.protocol.IpAddress;
import io.sterna.store.event.Order;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Function;

/** Lets only those pass to what changes something who may, and says who they are. */
final class Callers extends AllDirectives {
  private static final String BEARER = "Bearer ";

  private final OperatorTokens tokens;
  private final Answers answers;

  /**
   * Who asks.
   *
   * @param isProven whether he showed the token of this name
   * @param from where his connection comes from; empty = unknown
   */
  record Caller(String operator, boolean isProven, String from) {
    /**
     * @throws IllegalArgumentException if the reason is not fit to be written down
     */
    Order order(Optional<String> why, long restoresMillis) {
      return new Order(operator, from, why.orElse("").strip(), restoresMillis);
    }
  }

  Callers(OperatorTokens tokens, Answers answers) {
    this.tokens = tokens;
    this.answers = answers;
  }

  Route known(Function<Caller, Route> route) {
    return extractRequest(request -> known(request, route));
  }

  private Route known(HttpRequest request, Function<Caller, Route> route) {
    if (request.getHeader("Origin").isPresent()) {
      // A browser would ask on behalf of any page that its user looks at.
      return answers.error(
          StatusCodes.FORBIDDEN, "forbidden", "what changes something is not for web pages");
    }
    if (!tokens.areKnown()) {
      return route.apply(new Caller(Order.ANONYMOUS, false, from(request)));
    }
    Optional<String> token =
        request
            .getHeader("Authorization")
            .map(HttpHeader::value)
            .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(value -> value.substring(BEARER.length()).strip());
    Optional<String> operator = token.flatMap(tokens::operatorOf);
    return operator
        .map(name -> route.apply(new Caller(name, true, from(request))))
        .orElseGet(
            () ->
                unknown(
                    token.isPresent()
                        ? "no operator has this token"
                        : "this needs the token of an operator (Authorization: Bearer;"
                            + " --token-file or STERNA_TOKEN_FILE)"));
  }

  private Route unknown(String message) {
    return respondWithHeader(
        WWWAuthenticate.create(HttpChallenge.create("Bearer", "sterna")),
        () -> answers.error(StatusCodes.UNAUTHORIZED, "unauthorized", message));
  }

  /** Of the connection itself: what headers say of it anybody can write. */
  private static String from(HttpRequest request) {
    return request
        .getAttribute(AttributeKeys.remoteAddress)
        .flatMap(RemoteAddress::getAddress)
        .map(InetAddress::getAddress)
        .map(bytes -> IpAddress.ofBytes(bytes, 0, bytes.length).toString())
        .orElse("");
  }
}
