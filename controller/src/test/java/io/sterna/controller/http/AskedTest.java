package io.sterna.controller.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class AskedTest {
  @Test
  void aCountIsFromOneOn() {
    assertEquals(OptionalLong.of(20), Asked.count(Map.of("limit", "20"), "limit"));
    assertEquals(OptionalLong.empty(), Asked.count(Map.of(), "limit"));
    for (String wrong : List.of("0", "-1", "x", "", "12345678901")) {
      assertThrows(
          IllegalArgumentException.class, () -> Asked.count(Map.of("limit", wrong), "limit"));
    }
  }

  @Test
  void aWordIsOneOfThoseThereAre() {
    List<String> known = List.of("active", "damped");
    assertEquals(Optional.of("damped"), Asked.word(Map.of("state", "Damped"), "state", known));
    assertThrows(
        IllegalArgumentException.class, () -> Asked.word(Map.of("state", "dampd"), "state", known));
    assertThrows(
        IllegalArgumentException.class, () -> Asked.only(Map.of("limt", "1"), "limit", "fe"));
  }
}
