package io.sterna.controller.http;

import akka.http.javadsl.server.AllDirectives;
import akka.http.javadsl.server.PathMatchers;
import akka.http.javadsl.server.Route;
import io.sterna.controller.traffic.TrafficCommand;
import io.sterna.controller.traffic.TrafficCommand.Order;
import io.sterna.protocol.IpAddress;
import java.util.Optional;
import java.util.function.BiFunction;

/** {@code traffic/...} and {@code network}. */
final class TrafficRoutes extends AllDirectives {
  private static final int LIMIT = 20;

  private final TrafficView view;
  private final Answers answers;

  TrafficRoutes(TrafficView view, Answers answers) {
    this.view = view;
    this.answers = answers;
  }

  Route routes() {
    return concat(
        pathPrefix(
            "traffic",
            () ->
                concat(
                    path("links", this::links),
                    path("top", this::top),
                    path(PathMatchers.segment("vms").slash(PathMatchers.segment()), this::vm),
                    path("pairs", () -> answers.stream("pairs", view.pairs())),
                    path("endpoints", () -> answers.stream("endpoints", view.endpoints())))),
        path("network", this::network));
  }

  private Route links() {
    return parameterOptional(
        "sort",
        sort ->
            answers.parsed(
                sort.orElse("mbps"),
                LinkOrder::parse,
                order -> onSuccess(view.links(order), answers::ok)));
  }

  private Route top() {
    return listed((limit, order) -> onSuccess(view.top(limit, order), answers::ok));
  }

  private Route vm(String text) {
    return answers.parsed(
        text,
        IpAddress::parse,
        address ->
            listed(
                (limit, order) ->
                    onSuccess(
                        view.vm(address, limit, order),
                        found ->
                            found
                                .map(answers::ok)
                                .orElseGet(
                                    () ->
                                        answers.notFound(
                                            "no_traffic",
                                            "nothing was heard of traffic of " + address)))));
  }

  private Route network() {
    return view.network()
        .map(answers::ok)
        .orElseGet(
            () ->
                answers.notFound(
                    "no_network",
                    "the controllers know no sites and links:"
                        + " configure sterna.controller.network"));
  }

  private Route listed(BiFunction<Integer, Order, Route> route) {
    return parameterOptional(
        "limit",
        limit ->
            parameterOptional(
                "sort",
                sort ->
                    answers.parsed(
                        limit,
                        TrafficRoutes::limit,
                        rows ->
                            answers.parsed(
                                sort.orElse("mbps"),
                                TrafficRoutes::order,
                                order -> route.apply(rows, order)))));
  }

  private static int limit(Optional<String> text) {
    if (text.isEmpty()) {
      return LIMIT;
    }
    String wrong = "limit '" + text.get() + "' is not between 1 and " + TrafficCommand.ROWS_MAX;
    try {
      int limit = Integer.parseInt(text.get());
      if (limit >= 1 && limit <= TrafficCommand.ROWS_MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(wrong, e);
    }
    throw new IllegalArgumentException(wrong);
  }

  private static Order order(String text) {
    return switch (text) {
      case "mbps" -> Order.HEAVIEST;
      case "packets" -> Order.BUSIEST;
      default ->
          throw new IllegalArgumentException("sort '" + text + "' is neither mbps nor packets");
    };
  }
}
