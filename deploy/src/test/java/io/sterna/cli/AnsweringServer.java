package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real HTTP server for each test, which answers commands as it is told to. They may ask only what
 * the document of the API has.
 */
final class AnsweringServer implements BeforeEachCallback, AfterEachCallback {
  private final HttpHandler handler;
  private final HttpServer server;
  private final DocumentedApi api = DocumentedApi.read();
  private final Queue<String> undocumented = new ConcurrentLinkedQueue<>();

  AnsweringServer(HttpHandler handler) throws Exception {
    this.handler = handler;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Runs a command that asks this server. */
  Ran sterna(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--api=" + url());
    return Ran.sterna(all.toArray(String[]::new));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    if (!api.has(exchange.getRequestMethod(), exchange.getRequestURI())) {
      undocumented.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    }
    handler.handle(exchange);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    server.stop(0);
    assertEquals(List.of(), List.copyOf(undocumented), "asked, and not in openapi.yaml");
  }
}
