package io.sterna.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFileTest {
  private static final Config REFERENCE =
      ConfigFactory.parseString(
          """
          sterna.controller {
            id = ""
            http { host = "127.0.0.1", port = 8080, timeout = 3s }
            mobile-prefixes = []
            forwarding-elements = []
          }
          akka.loglevel = INFO
          """);

  private final Path file;

  ConfigFileTest(@TempDir Path folder) {
    file = folder.resolve("c1.conf");
  }

  @Test
  void valuesComeFromTheFileAndThenFromTheReference() throws Exception {
    Files.writeString(file, "sterna.controller { id = c1, http.port = 9090 }");
    ConfigFile loaded = load();
    assertEquals("9090", settings(loaded, config -> config.getString("http.port")));
    assertEquals("127.0.0.1", settings(loaded, config -> config.getString("http.host")));
    Files.writeString(file, "sterna.controller { id = ${sterna.controller.http.host} }");
    assertEquals("127.0.0.1", settings(load(), config -> config.getString("id")));
  }

  @Test
  void anUnknownKeyNamesTheOneThatWasMeant() throws Exception {
    refused(
        "sterna.controller {\n  id = c1\n  htp.port = 1\n}",
        "sterna.controller.htp: unknown key; did you mean http? (line 3)");
    refused(
        "sterna.controller {\n  http {\n    prot = 1\n  }\n}",
        "sterna.controller.http.prot: unknown key; did you mean port? (line 3)");
    refused(
        "sterna.controler.id = c1",
        "sterna.controler: unknown key; did you mean controller? (line 1)");
    refused("akka.loglevel = DEBUG", "akka: unknown key (line 1)");
    refused("sterna.controller.colour = red", "sterna.controller.colour: unknown key (line 1)");
  }

  @Test
  void keysInListsAreCheckedToo() throws Exception {
    refused(
        """
        sterna.controller.mobile-prefixes = [
          { prefix = "10.10.0.0/16", range-length = 20 }
          { prefix = "10.20.0.0/16", range-lenght = 20 }
        ]
        """,
        "sterna.controller.mobile-prefixes[1].range-lenght: unknown key; did you mean range-length?"
            + " (line 3)");
    refused(
        "sterna.controller.forwarding-elements = [{ id = fe1, sit = site1 }]",
        "sterna.controller.forwarding-elements[0].sit: unknown key; did you mean site? (line 1)");
  }

  @Test
  void theFirstMistakeInTheFileIsReported() throws Exception {
    refused(
        "sterna.controller {\n  zzz = 1\n  aaa = 1\n}",
        "sterna.controller.zzz: unknown key (line 2)");
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws Exception {
    assertEquals(file + ": does not exist or cannot be read", refusal());
    Files.createDirectory(file);
    assertEquals(file + ": is not a readable file", refusal());
    Files.delete(file);
    refused("sterna { fe { } }", "sterna.fe: unknown key (line 1)");
    refused("", "sterna.controller: is missing: this file configures no such role");
  }

  @Test
  void aKeyIsNeverQuoted(@TempDir Path keys) throws Exception {
    Path file = keys.resolve("ca.key");
    Files.writeString(file, "-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----\n");
    ConfigFileException e =
        assertThrows(ConfigFileException.class, () -> ConfigFile.load(file, "sterna.fe"));
    assertEquals(file + ": is a certificate or a key, no configuration", e.getMessage());
  }

  @Test
  void brokenSyntaxAndSubstitutionsAreOneLine() throws Exception {
    Files.writeString(file, "sterna.controller {\n  id = c1\n");
    assertEquals(1, refusal().lines().count(), refusal());
    refused(
        "sterna.controller.id = ${nowhere}",
        "Could not resolve substitution to a value: ${nowhere} (line 1)");
  }

  @Test
  void complaintsOfSettingsGetTheirWholeKey() throws Exception {
    complains(
        "sterna.controller.http {\n  port = eighty\n}",
        config -> config.getConfig("http").getInt("port"),
        "sterna.controller.http.port: is a STRING, expected NUMBER (line 2)");
    complains(
        "sterna.controller.http {\n  port = 99999\n}",
        config -> {
          Config http = config.getConfig("http");
          throw new ConfigException.BadValue(
              http.getValue("port").origin(), "port", "99999 is not a port");
        },
        "sterna.controller.http.port: 99999 is not a port (line 2)");
    complains(
        "sterna.controller.http.timeout = soon",
        config -> config.getConfig("http").getDuration("timeout"),
        "sterna.controller.http.timeout: No number in duration value 'soon' (line 1)");
    complains(
        "sterna.controller.http.port = null",
        config -> config.getConfig("http").getInt("port"),
        "sterna.controller.http.port: must not be null (line 1)");
    complains(
        "sterna.controller.http = 5",
        config -> config.getConfig("http"),
        "sterna.controller.http: is a NUMBER, expected OBJECT (line 1)");
  }

  @Test
  void complaintsAboutListElementsNameTheElement() throws Exception {
    String two =
        """
        sterna.controller.forwarding-elements = [
          { id = fe1, site = site1 }
          { id = fe2 }
        ]
        """;
    complains(
        two,
        config -> config.getConfigList("forwarding-elements").get(1).getString("site"),
        "sterna.controller.forwarding-elements[1].site: is required (line 3)");
    complains(
        "sterna.controller.forwarding-elements = [{ id = x }, { id = x }]",
        config -> {
          Config second = config.getConfigList("forwarding-elements").get(1);
          throw new ConfigException.BadValue(second.getValue("id").origin(), "id", "duplicate 'x'");
        },
        "sterna.controller.forwarding-elements.id: duplicate 'x' (line 1)");
  }

  @Test
  void complaintsAboutDefaultsNameTheFileAllTheSame() throws Exception {
    complains(
        "sterna.controller { http.port = 1 }",
        config -> {
          throw new ConfigException.BadValue(config.getValue("id").origin(), "id", "is required");
        },
        "sterna.controller.id: is required");
  }

  private ConfigFile load() throws ConfigFileException {
    return ConfigFile.load(file, "sterna.controller", REFERENCE);
  }

  private static <T> T settings(ConfigFile file, Function<Config, T> reader)
      throws ConfigFileException {
    return file.settings((config, folder) -> reader.apply(config.getConfig("sterna.controller")));
  }

  private String refusal() {
    return String.valueOf(assertThrows(ConfigFileException.class, this::load).getMessage());
  }

  private void refused(String text, String reason) throws Exception {
    Files.writeString(file, text);
    assertEquals(file + ": " + reason, refusal());
  }

  private void complains(String text, Function<Config, Object> reader, String reason)
      throws Exception {
    Files.writeString(file, text);
    ConfigFile loaded = load();
    ConfigFileException complaint =
        assertThrows(ConfigFileException.class, () -> settings(loaded, reader));
    assertEquals(file + ": " + reason, complaint.getMessage());
  }
}
