package io.sterna.store.codec;

import java.nio.charset.StandardCharsets;

/** The bytes of text that is signed and hashed. */
public final class SignedText {
  private SignedText() {}

  /** As UTF-8: the same on every machine. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
