package io.sterna.store.event;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {
  @Test
  void everyTextIsBounded() {
    new Order("a".repeat(63), "f".repeat(64), "w".repeat(200), Long.MAX_VALUE);
    refused("a".repeat(64), "", "");
    refused("ann", "f".repeat(65), "");
    refused("ann", "", "w".repeat(201));
    assertThrows(IllegalArgumentException.class, () -> new Order("ann", "", "", -1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "an n", "ann:x", "änn", "ann\n"})
  void aNameIsOneWordOfPlainLetters(String name) {
    refused(name, "", "");
    assertFalse(Order.isOperator(name));
    assertTrue(Order.isOperator("ann.b-C_2@example"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", "\u001b[31mred", "half \uD83D", "\u2028", "tab\t"})
  void theReasonIsOneLineThatHarmsNoTerminal(String why) {
    refused("ann", "", why);
  }

  private static void refused(String operator, String from, String why) {
    assertThrows(IllegalArgumentException.class, () -> new Order(operator, from, why, 0));
  }
}
