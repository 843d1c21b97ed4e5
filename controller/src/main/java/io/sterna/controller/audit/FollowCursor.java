package io.sterna.controller.audit;

import io.sterna.protocol.RangeId;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32;

/**
 * How far a reader that follows has come in each range, as text that he hands back. Time cannot say
 * that: a row becomes sure after others that are younger.
 *
 * <p>The bytes: a version, a checksum of the ranges' names, and the number of the last row of each
 * range in their order, seven bits a byte, the lowest first: some three bytes a range.
 */
final class FollowCursor {
  private static final byte VERSION = 1;
  private static final int MORE = 0x80;
  private static final int BITS = 7;
  private static final int HEADER_BYTES = 5;

  private FollowCursor() {}

  /**
   * @param given the number of the last row of each range, and what else is to be said
   */
  static String text(List<RangeId> ranges, List<Long> given) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(HEADER_BYTES + 3 * given.size());
    bytes.writeBytes(ByteBuffer.allocate(HEADER_BYTES).put(VERSION).putInt(sum(ranges)).array());
    for (long number : given) {
      long rest = number;
      while (rest >= MORE) {
        bytes.write((int) (rest & (MORE - 1)) | MORE);
        rest >>>= BITS;
      }
      bytes.write((int) rest);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * @throws IllegalArgumentException if it was not written for these ranges
   */
  static List<Long> parse(String text, List<RangeId> ranges) {
    try {
      List<Long> given = numbers(text, ranges);
      if (given.size() != ranges.size()) {
        throw new IllegalArgumentException("it has another length");
      }
      return given;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is no cursor of what is followed: %s".formatted(text, e.getMessage()), e);
    }
  }

  /**
   * All numbers of it.
   *
   * @throws IllegalArgumentException if it was not written for these ranges
   */
  static List<Long> numbers(String text, List<RangeId> ranges) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (bytes.get() != VERSION) {
        throw new IllegalArgumentException("it is of no version that is known");
      }
      if (bytes.getInt() != sum(ranges)) {
        throw new IllegalArgumentException("it is of other ranges: ask with the same prefix");
      }
      List<Long> numbers = new ArrayList<>();
      while (bytes.hasRemaining()) {
        numbers.add(number(bytes));
      }
      return numbers;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("it is too short", e);
    }
  }

  private static long number(ByteBuffer bytes) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE - 1; shift += BITS) {
      int next = bytes.get();
      number |= (long) (next & (MORE - 1)) << shift;
      if ((next & MORE) == 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("it has a number that is too large");
  }

  private static int sum(List<RangeId> ranges) {
    CRC32 sum = new CRC32();
    for (RangeId range : ranges) {
      sum.update((range + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    return (int) sum.getValue();
  }
}
