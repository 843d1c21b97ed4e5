package io.sterna.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a client of the controllers may ask: their document says it. */
record DocumentedApi(JsonNode root) {
  private static final String BASE = "/api/v1";

  static DocumentedApi read() throws IOException {
    try (InputStream yaml = DocumentedApi.class.getResourceAsStream("/openapi.yaml")) {
      return new DocumentedApi(new ObjectMapper(new YAMLFactory()).readTree(yaml));
    }
  }

  /** Whether there is this path, with this method and all these parameters. */
  boolean has(String method, URI asked) {
    String query = asked.getRawQuery();
    Set<String> names =
        Stream.ofNullable(query)
            .flatMap(all -> Arrays.stream(all.split("&", -1)))
            .map(each -> each.substring(0, each.indexOf('=')))
            .collect(Collectors.toSet());
    return root.path("paths").properties().stream()
        .filter(each -> isAt(each.getKey(), asked.getRawPath()))
        .anyMatch(each -> takes(each, method.toLowerCase(Locale.ROOT), names));
  }

  private static boolean isAt(String template, String path) {
    return path.matches(BASE + template.replaceAll("\\{[a-z]+}", "[^/]+").replace(".", "\\."));
  }

  private boolean takes(Map.Entry<String, JsonNode> path, String method, Set<String> names) {
    Set<String> taken = new HashSet<>();
    for (JsonNode each : path.getValue().path(method).path("parameters")) {
      String to = each.path("$ref").asText("");
      JsonNode parameter = to.isEmpty() ? each : root.at(to.substring(1));
      if (parameter.path("in").asText("").equals("query")) {
        taken.add(parameter.path("name").asText(""));
      }
    }
    return path.getValue().has(method) && taken.containsAll(names);
  }
}
