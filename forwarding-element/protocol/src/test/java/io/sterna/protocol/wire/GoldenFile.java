package io.sterna.protocol.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads golden bytes: a name at the start of a line, then indented hex; {@code #} comments. */
final class GoldenFile {
  private GoldenFile() {}

  static Map<String, byte[]> read(String resource) {
    Map<String, StringBuilder> hexByName = new LinkedHashMap<>();
    StringBuilder current = new StringBuilder();
    for (String line : text(resource).lines().toList()) {
      String content = line.replaceFirst("#.*", "").stripTrailing();
      if (content.startsWith(" ")) {
        current.append(content.replace(" ", ""));
      } else if (!content.isEmpty()) {
        current = new StringBuilder();
        hexByName.put(content, current);
      }
    }
    Map<String, byte[]> bytesByName = new LinkedHashMap<>();
    hexByName.forEach((name, hex) -> bytesByName.put(name, HexFormat.of().parseHex(hex)));
    return bytesByName;
  }

  private static String text(String resource) {
    try (InputStream in = GoldenFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
