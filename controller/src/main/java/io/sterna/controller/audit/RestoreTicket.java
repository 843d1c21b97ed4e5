package io.sterna.controller.audit;

import io.sterna.protocol.IpPrefix;
import io.sterna.protocol.RangeId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * What a plan to restore was, in little: up to which row each range was read, and the digest of the
 * changes found. Handed out with the plan and handed back to have it made, so that what is made is
 * what was shown; no controller keeps anything in between.
 *
 * @param atMillis the moment to bring back
 * @param prefix only addresses in it; empty = all
 * @param parts the ranges in which something changes
 */
public record RestoreTicket(long atMillis, Optional<IpPrefix> prefix, List<Part> parts) {
  /** 4096 ranges need some 300 KiB. */
  private static final int TEXT_BYTES_MAX = 1 << 20;

  private static final String FIRST_LINE = "sterna-restore 1";
  private static final String ANY = "-";
  private static final int PART_WORDS = 4;

  /**
   * A range.
   *
   * @param row the last row that was read
   * @param changes how many changes there are
   * @param digest of these changes
   */
  public record Part(RangeId range, long row, int changes, String digest) {}

  /** A copy that cannot be changed. */
  public RestoreTicket {
    parts = List.copyOf(parts);
  }

  /** How many changes there are. */
  public long changes() {
    return parts.stream().mapToLong(Part::changes).sum();
  }

  /** As text that fits anywhere. */
  public String text() {
    StringBuilder plain = new StringBuilder(FIRST_LINE);
    plain.append('\n').append(atMillis);
    plain.append('\n').append(prefix.map(IpPrefix::toString).orElse(ANY)).append('\n');
    for (Part part : parts) {
      plain.append(part.range()).append(' ').append(part.row()).append(' ');
      plain.append(part.changes()).append(' ').append(part.digest()).append('\n');
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream packed = new DeflaterOutputStream(bytes)) {
      packed.write(plain.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new UncheckedIOException("memory has no errors", e);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static RestoreTicket parse(String text) {
    try {
      byte[] packed = Base64.getUrlDecoder().decode(text);
      InflaterInputStream plain = new InflaterInputStream(new ByteArrayInputStream(packed));
      byte[] bytes = plain.readNBytes(TEXT_BYTES_MAX);
      List<String> lines = new String(bytes, StandardCharsets.US_ASCII).lines().toList();
      if (lines.size() < 3 || !lines.get(0).equals(FIRST_LINE)) {
        throw new IllegalArgumentException("it begins otherwise");
      }
      Optional<IpPrefix> prefix =
          lines.get(2).equals(ANY) ? Optional.empty() : Optional.of(IpPrefix.parse(lines.get(2)));
      List<Part> parts = new ArrayList<>();
      for (String line : lines.subList(3, lines.size())) {
        parts.add(part(line.split(" ", -1)));
      }
      return new RestoreTicket(Long.parseLong(lines.get(1)), prefix, parts);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("'plan' is none that was shown by a dry run", e);
    }
  }

  private static Part part(String[] words) {
    if (words.length != PART_WORDS) {
      throw new IllegalArgumentException("a part has " + PART_WORDS + " words");
    }
    return new Part(
        RangeId.parse(words[0]), Long.parseLong(words[1]), Integer.parseInt(words[2]), words[3]);
  }
}
