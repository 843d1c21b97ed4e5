package io.sterna.controller.http;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code openapi.yaml} as tests read it. */
record ApiDocument(JsonNode root) {
  static final Set<String> METHODS = Set.of("get", "post", "delete", "put", "patch", "head");

  /** A method of a path, with all that can be given with it. */
  record Operation(String method, String path, JsonNode node, List<JsonNode> parameters) {
    List<JsonNode> queries() {
      return parameters.stream().filter(each -> text(each, "in").equals("query")).toList();
    }

    /** The path with the examples in it. */
    String examplePath() {
      String filled = path;
      for (JsonNode each : parameters) {
        if (text(each, "in").equals("path")) {
          filled = filled.replace("{" + text(each, "name") + "}", encoded(text(each, "example")));
        }
      }
      return filled;
    }

    /** The query that asks with what has to be there, and with this if it is not null. */
    String query(JsonNode more) {
      Set<String> alternatives = texts(node.path("x-one-of"));
      boolean isOneOfThem = alternatives.contains(text(more, "name"));
      return queries().stream()
          .filter(
              each ->
                  each.equals(more)
                      || each.path("required").asBoolean()
                      || (!isOneOfThem && isFirst(text(each, "name"))))
          .map(each -> text(each, "name") + "=" + encoded(text(each, "example")))
          .collect(Collectors.joining("&", "?", ""));
    }

    private boolean isFirst(String name) {
      return text(node.path("x-one-of"), 0).equals(name);
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  static ApiDocument read() throws IOException {
    try (InputStream yaml = ApiDocument.class.getResourceAsStream("/openapi.yaml")) {
      return new ApiDocument(new ObjectMapper(new YAMLFactory()).readTree(yaml));
    }
  }

  List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> each : path.getValue().properties()) {
        if (METHODS.contains(each.getKey())) {
          Stream<JsonNode> parameters =
              Stream.of(path.getValue(), each.getValue())
                  .flatMap(node -> node.path("parameters").valueStream())
                  .map(this::resolved);
          all.add(
              new Operation(each.getKey(), path.getKey(), each.getValue(), parameters.toList()));
        }
      }
    }
    return all;
  }

  /** What it refers to, if it does. */
  JsonNode resolved(JsonNode node) {
    String to = text(node, "$ref");
    return to.isEmpty() ? node : root.at(JsonPointer.compile(to.substring(1)));
  }

  /** Shows every object in it, with where it stands. */
  static void walk(String where, JsonNode node, BiConsumer<String, JsonNode> visitor) {
    if (node.isObject()) {
      visitor.accept(where, node);
      node.properties()
          .forEach(each -> walk(where + "/" + each.getKey(), each.getValue(), visitor));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(where + "/" + i, node.path(i), visitor);
      }
    }
  }

  static String text(JsonNode node, String name) {
    return node.path(name).asText("");
  }

  static String text(JsonNode node, int index) {
    return node.path(index).asText("");
  }

  static Set<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).collect(Collectors.toSet());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
