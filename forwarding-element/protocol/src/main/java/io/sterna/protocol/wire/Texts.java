package io.sterna.protocol.wire;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strings on the wire. Kryo's own strings are not used: their reader allocates what the count says
 * before it looks at the bytes.
 */
final class Texts {
  /** The most bytes of a name: a DNS label. */
  static final int NAME_BYTES_MAX = 63;

  /** The most bytes of a free text: a host name, a software version. */
  static final int TEXT_BYTES_MAX = 255;

  private Texts() {}

  /** Length as one byte, 1 to 63, then ASCII. The id that it becomes checks the characters. */
  static void writeName(Output out, String name) {
    out.writeByte(name.length());
    for (int i = 0; i < name.length(); i++) {
      out.writeByte(name.charAt(i));
    }
  }

  static String readName(Input in) {
    int length = in.readByte() & 0xff;
    if (length == 0 || length > NAME_BYTES_MAX) {
      throw new IllegalArgumentException("a name has 1 to 63 bytes, not " + length);
    }
    int from = in.position();
    // Refused if they are not there: a frame is in the buffer as a whole.
    in.skip(length);
    // Bytes above 127 become characters that no name may hold.
    return new String(in.getBuffer(), from, length, StandardCharsets.ISO_8859_1);
  }

  /** Length in bytes as one byte, then UTF-8 without control characters. */
  static void writeText(Output out, String text) {
    byte[] bytes = refuseControls(text).getBytes(StandardCharsets.UTF_8);
    if (bytes.length > TEXT_BYTES_MAX) {
      throw new IllegalArgumentException("a text has at most 255 bytes, not " + bytes.length);
    }
    if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
      throw new IllegalArgumentException("a text has a lone surrogate");
    }
    out.writeByte(bytes.length);
    out.writeBytes(bytes);
  }

  static String readText(Input in) {
    byte[] bytes = in.readBytes(in.readByte() & 0xff);
    String text = new String(bytes, StandardCharsets.UTF_8);
    // The JDK repairs what is ill-formed; the repaired text has other bytes.
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
      throw new IllegalArgumentException("a text is not UTF-8");
    }
    return refuseControls(text);
  }

  /** Texts are shown and logged: a peer must not be able to forge lines. */
  private static String refuseControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw new IllegalArgumentException("a text holds a control character");
      }
    }
    return text;
  }
}
