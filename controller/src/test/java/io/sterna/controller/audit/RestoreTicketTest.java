package io.sterna.controller.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sterna.controller.audit.RestoreTicket.Part;
import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

class RestoreTicketTest {
  @Test
  void comesBackAsItWas() {
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < 4096; i++) {
      RangeId range = RangeId.parse("10." + i / 16 + "." + i % 16 * 16 + ".0/20");
      parts.add(new Part(range, 1L << 40 | i, i, "%032x".formatted(i * 7919L)));
    }
    RestoreTicket all = new RestoreTicket(1_750_000_000_000L, Optional.empty(), parts);
    assertEquals(all, RestoreTicket.parse(all.text()));
    assertEquals(4095L * 4096 / 2, all.changes());
    RestoreTicket none =
        new RestoreTicket(0, Optional.of(IpPrefix.parse("fd0a:10::/112")), List.of());
    assertEquals(none, RestoreTicket.parse(none.text()));
    assertTrue(none.text().matches("[A-Za-z0-9_-]+"), none.text());
  }

  @Test
  void nothingElseIsOne() throws IOException {
    String good =
        new RestoreTicket(
                5, Optional.empty(), List.of(new Part(RangeId.parse("10.0.0.0/20"), 1, 2, "ab")))
            .text();
    for (String bad :
        List.of(
            "",
            "x",
            "!!!",
            good.substring(4),
            good.substring(0, good.length() - 12),
            packed("sterna-restore 2\n5\n-\n"),
            packed("sterna-restore 1\n5\n"),
            packed("sterna-restore 1\nfive\n-\n"),
            packed("sterna-restore 1\n5\n-\n10.0.0.0/20 1 2\n"),
            packed("sterna-restore 1\n5\n-\n10.0.0.1/20 1 2 ab\n"))) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> RestoreTicket.parse(bad), bad);
      assertEquals("'plan' is none that was shown by a dry run", e.getMessage());
    }
  }

  /** A few bytes that unpack to many do not fill the memory. */
  @Test
  void unpacksNoMoreThanATicketHas() throws IOException {
    String bomb = packed("sterna-restore 1\n5\n-\n" + " ".repeat(200 << 20));
    assertTrue(bomb.length() < 1 << 20, bomb.length() + " characters");
    assertThrows(IllegalArgumentException.class, () -> RestoreTicket.parse(bomb));
  }

  private static String packed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream packed = new DeflaterOutputStream(bytes)) {
      packed.write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }
}
