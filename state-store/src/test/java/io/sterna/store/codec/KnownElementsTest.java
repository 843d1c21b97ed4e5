package io.sterna.store.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sterna.protocol.FeId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KnownElementsTest {
  @Test
  void manyMoreNamesThanSlotsAreEachReadAsTheyAre() {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 5_000; i++) {
        assertEquals(new FeId("fe-" + i), read("..fe-" + i + "--", 2, 2));
      }
    }
  }

  @Test
  void aNameThatIsReadAgainIsTheSameObject() {
    assertSame(read("again", 0, 0), read("x-again", 2, 0));
  }

  @Test
  void whatIsNoNameIsRefusedEachTime() {
    for (int round = 0; round < 2; round++) {
      assertThrows(IllegalArgumentException.class, () -> read("-", 0, 0));
      assertThrows(IllegalArgumentException.class, () -> read("", 0, 0));
    }
  }

  /** The characters from one on, but for so many at the end. */
  private static FeId read(String text, int from, int atEnd) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    return KnownElements.read(ascii, from, ascii.length - from - atEnd);
  }
}
