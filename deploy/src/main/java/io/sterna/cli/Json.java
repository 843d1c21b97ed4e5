package io.sterna.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** JSON in and out. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  /** Writes one indented document and a line end. */
  static void print(JsonNode document, PrintWriter out) {
    try {
      out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode parse(byte[] document) throws IOException {
    return MAPPER.readTree(document);
  }

  /** A field as a table shows it: {@code yes} and {@code no}, empty for an absent one. */
  static String cell(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isBoolean()) {
      return value.booleanValue() ? "yes" : "no";
    }
    return value.isNull() ? "" : value.asText("");
  }
}
