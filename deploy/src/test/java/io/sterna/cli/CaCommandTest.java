package io.sterna.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.sterna.protocol.tls.TlsIdentity;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CaCommandTest {
  @Test
  void makesIdentitiesThatLoad(@TempDir Path folder) throws Exception {
    String ca = folder.resolve("ca").toString();
    String out = folder.resolve("out").toString();
    done(Ran.sterna("ca", "init", "--out", ca));
    done(Ran.sterna("ca", "issue", "fe", "fe1", "--ca", ca, "--out", out));
    done(Ran.sterna("ca", "issue", "controller", "c1", "--ca", ca, "--out", out, "--ip", "::1"));
    for (String id : new String[] {"fe1", "c1"}) {
      TlsIdentity.load(
          folder.resolve("out/" + id + ".pem"),
          folder.resolve("out/" + id + ".key"),
          folder.resolve("out/ca.pem"));
    }
    Ran shown = done(Ran.sterna("ca", "show", out + "/fe1.pem", "--output", "json"));
    JsonNode fields = Json.parse(shown.out().getBytes(UTF_8));
    assertEquals("urn:sterna:fe:fe1", fields.path("name").asText());
    assertEquals(false, fields.path("expired").booleanValue());
    assertEquals("CN=Sterna authority,O=Sterna", fields.path("issuer").asText());
    assertTrue(Ran.sterna("ca", "show", out + "/ca.pem").out().contains("authority   yes"));
  }

  @Test
  void neverOverwritesUnlessForced(@TempDir Path folder) throws Exception {
    String ca = folder.toString();
    done(Ran.sterna("ca", "init", "--out", ca));
    Ran again = Ran.sterna("ca", "init", "--out", ca);
    assertEquals(1, again.status());
    assertEquals(
        "sterna: " + folder + "/ca.pem: exists already (--force overwrites it)\n", again.err());
    done(Ran.sterna("ca", "init", "--out", ca, "--force"));
  }

  @Test
  void aMissingAuthorityIsOneLine(@TempDir Path folder) {
    Ran ran = Ran.sterna("ca", "issue", "fe", "fe1", "--ca", "" + folder, "--out", "" + folder);
    assertEquals(2, ran.status());
    assertEquals("sterna: " + folder + "/ca.pem: does not exist\n", ran.err());
  }

  @Test
  void helpSaysHowLongACertificateIsGood() {
    assertTrue(Ran.sterna("ca", "init", "--help").out().contains("Default: 3650."));
    assertTrue(Ran.sterna("ca", "issue", "fe", "--help").out().contains("Default: 365."));
    String controller = Ran.sterna("ca", "issue", "controller", "--help").out();
    assertTrue(controller.contains("Default: 365."), controller);
    assertTrue(controller.contains("Default: 127.0.0.1."), controller);
  }

  private static Ran done(Ran ran) {
    assertEquals(0, ran.status(), ran.err());
    return ran;
  }
}
